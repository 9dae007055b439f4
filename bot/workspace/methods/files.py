"""Files over the Web API: the three steps of an upload, and reading about files."""

from bot.workspace import channels, content, files, histories, messages, text
from bot.workspace.errors import SlackError
from bot.workspace.messages import Draft
from bot.workspace.state import Json
from bot.workspace.wire import Call


def get_upload_url(call: Call) -> Json:
    """Announce a file; return its id and where its bytes go."""
    name, length = call.arguments.need("filename"), call.arguments.need("length")
    if not length.isdecimal() or int(length) == 0:
        raise SlackError(
            "invalid_arguments", response_metadata={"messages": ["[ERROR] length must be above 0"]}
        )
    if int(length) > files.LARGEST:
        raise SlackError("file_upload_size_restricted")
    file_id, address = files.announce(call.workspace, call.caller.user, name.replace("/", "_"), int(length))
    return {"upload_url": address, "file_id": file_id}


def complete_upload(call: Call) -> Json:
    """Finish uploads and share them in one message, in a channel, a thread, or nowhere yet."""
    targets = call.arguments.words("channels") or call.arguments.words("channel_id")
    rows = [channels.joined(call.workspace, target, call.caller.user) for target in targets]
    wanted = _wanted(call.arguments.get("files"))
    done = [_complete(call, one, [row["id"] for row in rows]) for one in wanted]
    for row in rows:
        messages.post(call.workspace, row, _share(call, done))
    return {"files": done}


def info(call: Call) -> Json:
    """Return one file the caller may see."""
    row = files.visible(call.workspace, call.arguments.need("file"), call.caller.user)
    return {
        "file": files.describe(call.workspace, row),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


def list_(call: Call) -> Json:
    """List files the caller may see, the newest first."""
    found = [files.describe(call.workspace, row) for row in files.listed(call.workspace, call.caller.user)]
    channel, user = call.arguments.text("channel"), call.arguments.text("user")
    if channel:
        found = [one for one in found if channel in one["channels"] + one["ims"]]
    if user:
        found = [one for one in found if one["user"] == user]
    return histories.listed("files", found, call.arguments.text("cursor"), call.arguments.limit(1000, 100))


def delete(call: Call) -> Json:
    """Delete a file of the caller's."""
    row = files.visible(call.workspace, call.arguments.need("file"), call.caller.user)
    if row["user"] != call.caller.user:
        raise SlackError("cant_delete_file")
    files.delete(call.workspace, row["id"])
    return {}


def _complete(call: Call, one: Json, shares: list[str]) -> Json:
    return files.complete(
        call.workspace, call.caller.user, str(one["id"]), str(one.get("title") or ""), shares
    )


def _wanted(value: object) -> list[Json]:
    if (
        not isinstance(value, list)
        or not value
        or not all(isinstance(one, dict) and "id" in one for one in value)
    ):
        raise SlackError(
            "invalid_arguments",
            response_metadata={"messages": ["[ERROR] files must be a list of {id, title}"]},
        )
    return value


def _share(call: Call, shared: list[Json]) -> Draft:
    by_person = call.caller.kind == "user"
    comment = call.arguments.text("initial_comment")
    written = text.as_typed(comment) if by_person else text.escaped(comment)
    body: Json = {
        "subtype": "file_share",
        "text": written,
        "files": shared,
        "upload": False,
        "display_as_bot": False,
    }
    if call.arguments.get("blocks"):
        body["blocks"] = content.with_ids(content.checked_blocks(call.arguments.get("blocks")))
    elif by_person and written:
        body["blocks"] = text.rich_text(written)
    return Draft(call.caller.user, body, thread_ts=call.arguments.text("thread_ts"))


METHODS = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
    "files.info": info,
    "files.list": list_,
    "files.delete": delete,
}
