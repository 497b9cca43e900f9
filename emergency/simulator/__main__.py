"""Start the simulator: `python -m emergency.simulator`."""

import errno
import os
import signal
import sys
import threading

from emergency.simulator.configuration import ConfigurationError, from_environment
from emergency.simulator.network import Network
from emergency.simulator.server import Server


def main() -> int:
    """Serve until SIGTERM or SIGINT; 2 when it could not start."""
    try:
        configuration = from_environment(os.environ)
        server = Server(Network(configuration))
    except ConfigurationError as error:
        return _refuse(str(error))
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        return _refuse(
            f"port {configuration.port} on 127.0.0.1 cannot be used "
            f"({error.strerror}); set SIMULATOR_PORT to a free one."
        )
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    print(f"simulator: ready http://127.0.0.1:{server.server_port}/", flush=True)
    stop.wait()
    server.shutdown()
    server.server_close()
    return 0


def _refuse(message: str) -> int:
    print(f"simulator: {message}", file=sys.stderr, flush=True)
    return 2


if __name__ == "__main__":
    sys.exit(main())
