/**
 * Drawing once for many changes.
 */

/** A function that does `work` once, soon, however often it is called meanwhile. */
export function soon(work) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      work();
    });
  };
}
