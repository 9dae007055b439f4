"""What the shop's prices have held so far."""

# mypy: disable-error-code="import-not-found"
import unittest

from pricing import OrderError, OrderLine, shipping, subtotal, total


class PricingTest(unittest.TestCase):
    """Articles, shipping and the total."""

    def test_articles_add_up(self) -> None:
        """Price times quantity, over all lines."""
        self.assertEqual(subtotal([OrderLine("bell", 1_290, 2), OrderLine("pump", 3_400, 1)]), 5_980)

    def test_shipping_is_free_from_150_euros_on(self) -> None:
        """The border counts as free."""
        self.assertEqual((shipping(14_999), shipping(15_000)), (1_490, 0))

    def test_the_total_is_articles_and_shipping(self) -> None:
        """A small order pays for being sent."""
        self.assertEqual(total([OrderLine("bell", 1_290, 1)]), 2_780)

    def test_an_empty_basket_is_refused(self) -> None:
        """The customer is told what to do."""
        with self.assertRaisesRegex(OrderError, "Put something into it"):
            total([])
