import sys

from o2c import local


def main(arguments: list[str]) -> None:
    try:
        match arguments:
            case ["start"]:
                local.start_servers()
            case ["stop"]:
                local.stop_servers()
            case ["status"]:
                pass
            case _:
                sys.exit("Usage: python -m o2c.local start | stop | status")
    except local.CannotStart as refusal:
        sys.exit(str(refusal))
    for name, running in local.status().items():
        print(f"{name}: {'running' if running else 'stopped'}")


if __name__ == "__main__":
    main(sys.argv[1:])
