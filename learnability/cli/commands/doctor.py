"""``learnability doctor``."""

from learnability.cli.options import Common


def doctor(
    *,
    common: Common = Common(),  # noqa: B008  (frozen)
) -> int:
    """Versions, devices, what is installed, and whether a few known answers come out.

    Exits with 1 where a self-check fails.

    An example:
    learnability doctor
    """
    from learnability.cli.emit import sink

    out = sink(common, ("text", "json"))

    from learnability.doctor import examine

    health = examine()
    if out.format == "json":
        out.give_json(health.to_json())
    else:
        out.give(str(health))
    return 0 if health.well else 1
