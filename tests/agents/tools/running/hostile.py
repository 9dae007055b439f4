"""Programs that try to get out, or to take everything. None may reach what lies outside; each is over in time.

``CANARY``, ``MARK``, ``PORT``, ``ABSTRACT``, ``VICTIM`` and ``SECRET`` stand for what the test watches from outside: a
file to read, a file to make, a listening port and socket, a process to harm, a variable of the environment. What cannot
be seen from outside, a program tells itself by printing ESCAPED.
"""

from __future__ import annotations

from typing import Final

C: Final = "import ctypes, os\nc = ctypes.CDLL(None, use_errno=True)\n"
TRY: Final = """
def attempt(what):
    try:
        said = what()
        print(type(said))
        return said
    except (OSError, ImportError, AttributeError, ValueError, EOFError) as refused:
        print("refused:", refused)
"""

FILES: Final = {
    "reads a file": "print(open('CANARY').read())",
    "reads a file by pathlib": "import pathlib\nprint(pathlib.Path('CANARY').read_text())",
    "climbs up": "print(open('../' * 30 + 'CANARY').read())",
    "follows a symlink": "import os\nos.symlink('CANARY', 'link')\nprint(open('link').read())",
    "follows a hard link": "import os\nos.link('CANARY', 'link')\nprint(open('link').read())",
    "makes a file": "import os\nos.makedirs(os.path.dirname('MARK'), exist_ok=True)\nopen('MARK', 'w').write('x')",
    "makes a file by the shell": "import os\nos.system('mkdir -p $(dirname MARK); touch MARK')",
    "reads the users": "for name in ('passwd', 'shadow', 'hosts', 'hostname'):\n"
    "    try: print('ESCAPED', open('/etc/' + name).read())\n    except OSError as no: print(no)",
    "looks for databases": "import glob\nprint(glob.glob('/**/jidoka.db', recursive=True) and 'ESCAPED')",
    "changes its Python": "import os, sys\nopen(os.path.join(sys.prefix, 'MARKED'), 'w')\nprint('ESCAPED')",
    "changes the system": "open('/usr/bin/marked', 'w')\nprint('ESCAPED')",
    "goes by /proc": "for way in ('/proc/self/root', '/proc/1/root', '/proc/VICTIM/root', '/proc/VICTIM/cwd'):\n"
    "    try: print(open(way + 'CANARY').read())\n    except OSError as no: print(no)",
    "reads every descriptor": "import os\nfor fd in range(3, 1024):\n    try: print('ESCAPED', fd, os.read(fd, 100))\n"
    "    except OSError: pass",
    "leaves by chroot": "import os\nos.mkdir('x')\nos.chroot('x')\nfor _ in range(99): os.chdir('..')\nos.chroot('.')\n"
    "print(open('CANARY').read())",
    "mounts": C
    + "print('ESCAPED' if c.mount(b'none', b'/tmp', b'proc', 0, None) == 0 else ctypes.get_errno())",
    "mounts over a wall": C
    + "print('ESCAPED' if c.mount(b'none', b'/', None, 32 | 4096, None) == 0 else 'no')",
    "makes a device": "import os, stat\nos.mknod('disk', stat.S_IFBLK | 0o600, os.makedev(8, 0))\nprint('ESCAPED')",
    "opens devices": TRY
    + "for name in ('mem', 'kmem', 'kmsg', 'sda', 'vda', 'tty', 'ptmx', 'fuse', 'kvm', 'net/tun'):\n"
    "    if attempt(lambda: open('/dev/' + name, 'rb')): print('ESCAPED', name)",
    "reads the kernel": TRY
    + "for name in ('/sys/kernel', '/proc/kcore', '/proc/sys/kernel/hostname', '/boot'):\n"
    "    if attempt(lambda: __import__('os').stat(name)): print('ESCAPED', name)",
}
NETWORK: Final = {
    "calls the host": "import socket\nsocket.create_connection(('127.0.0.1', PORT), 1).send(b'ABSTRACT')",
    "sends to the host": "import socket\n"
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'ABSTRACT', ('127.0.0.1', PORT))",
    "calls by an abstract name": "import socket\nsocket.socket(socket.AF_UNIX).connect('\\0ABSTRACT')",
    "fetches": "import urllib.request\n"
    "print('ESCAPED', urllib.request.urlopen('http://127.0.0.1:PORT/ABSTRACT', timeout=1).read())",
    "asks for a name": "import socket\nprint('ESCAPED', socket.getaddrinfo('example.com', 80))",
    "reaches the world": "import socket\nsocket.create_connection(('1.1.1.1', 53), 1)\nprint('ESCAPED')",
    "speaks to the hypervisor": "import socket\nsocket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)\nprint('ESCAPED')",
    "listens to the wire": "import socket\nsocket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3)\nprint('ESCAPED')",
    "asks the kernel for routes": "import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)\nprint('ESCAPED')",
}
SECRETS: Final = {
    "reads the environment": "import os\nprint(os.environ, os.getenv('SECRET'))",
    "reads others' environment": "import os\nfor pid in ('self', '1', '2', 'VICTIM', str(os.getppid())):\n"
    "    try: print(open(f'/proc/{pid}/environ').read())\n    except OSError as no: print(no)",
    "walks the classes": "for kind in ().__class__.__base__.__subclasses__():\n"
    "    if 'wrap_close' in str(kind): print(kind.__init__.__globals__['environ'])",
    "imports by name": "print(__import__('os').popen('cat CANARY; env').read())",
    "evaluates": "print(eval(\"__import__('os').environ\"), exec(\"print(open('CANARY').read())\"))",
    "reads memory of others": C + "held = ctypes.create_string_buffer(8)\n"
    "print('ESCAPED' if c.syscall(310, VICTIM, held, 1, held, 1, 0) > 0 else ctypes.get_errno())",
    "traces": C
    + "print('ESCAPED' if c.ptrace(16, VICTIM, 0, 0) == 0 or c.ptrace(16, 1, 0, 0) == 0 else 'no')",
    "takes keys": C + "print('ESCAPED' if c.syscall(250, 0, -3, 1) > 0 else ctypes.get_errno())",
    "loads code into the kernel": C
    + "print('ESCAPED' if c.syscall(321, 0, 0, 0) >= 0 else ctypes.get_errno())",
    "queues around the filter": C + "held = ctypes.create_string_buffer(200)\n"
    "print('ESCAPED' if c.syscall(425, 4, held) >= 0 else ctypes.get_errno())",
}
PROCESSES: Final = {
    "forks for ever": "import os\nwhile True:\n    try: os.fork()\n    except OSError: pass",
    "starts threads for ever": "import threading\nwait = threading.Event()\nwhile True:\n"
    "    try: threading.Thread(target=wait.wait, daemon=True).start()\n    except RuntimeError: pass",
    "starts shells for ever": "import subprocess\nwhile True:\n"
    "    try: subprocess.Popen(['sleep', '60'])\n    except OSError: pass",
    "stays behind": "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(600)\n"
    "        open('MARK', 'w')\n    os._exit(0)",
    "stays behind and hides": "import os, time\nif os.fork() == 0:\n    os.setsid()\n    os.closerange(0, 99)\n"
    "    time.sleep(600)",
    "kills": "import os, signal\nfor pid in (VICTIM, 1):\n"
    "    try: os.kill(pid, signal.SIGKILL)\n    except OSError as no: print(no)",
    "stops others": "import os, signal\nos.kill(VICTIM, signal.SIGSTOP)",
    "ignores every signal": "import signal\nfor number in range(1, 32):\n    try: signal.signal(number, signal.SIG_IGN)\n"
    "    except (OSError, ValueError): pass\nwhile True: pass",
    "becomes root": "import os\nos.setuid(0)\nprint('ESCAPED' if open('/usr/bin/x', 'w') else '')",
    "builds walls of its own": "import os\nos.system('bwrap --bind / / --dev-bind /dev /dev cat CANARY')\n"
    "os.system('bwrap --dev-bind / / id; unshare -r -m id; nsenter -t 1 -a cat CANARY')",
    "becomes root by a program": "import subprocess\nfor name in ('su', 'sudo', 'mount', 'chsh'):\n"
    "    print(subprocess.run([name, '-c', 'id -u'], capture_output=True, input=b'').stdout == b'0\\n' and 'ESCAPED')",
    "makes a namespace": C + "print('ESCAPED' if c.unshare(0x10000000) == 0 else ctypes.get_errno())",
    "makes a namespace by clone": C
    + "print('ESCAPED' if c.syscall(56, 0x10000011, 0, 0, 0, 0) >= 0 else ctypes.get_errno())",
    "raises its limits": "import resource\nresource.setrlimit(resource.RLIMIT_NPROC, (9999, 9999))\nprint('ESCAPED')",
    "goes first": "import os\nos.nice(-20)\nprint('ESCAPED')",
    "ends its interpreter": "import ctypes\nctypes.string_at(0)",
    "sleeps for ever": "import time\nwhile True: time.sleep(999)",
    "waits for an answer": "print('ESCAPED' if input() else '')",
    "closes its streams and goes on": "import os\nos.closerange(0, 99)\nwhile True: pass",
}
GREED: Final = {
    "spins": "while True: pass",
    "matches for ever": "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')",
    "counts too far": "x = 9 ** 9 ** 9",
    "sums too far": "print(sum(range(10 ** 12)))",
    "holds everything": "x = bytearray(8 << 30)",
    "holds everything bit by bit": "x = []\nwhile True: x.append('a' * 10_000 + str(len(x)))",
    "doubles a text": "x = 'a'\nwhile True: x += x",
    "holds everything in many processes": "import os, time\nfor _ in range(40): os.fork() or time.sleep(0.01)\n"
    "x = bytearray(b'x' * 300_000_000)\ntime.sleep(60)",
    "holds everything in shared memory": "import mmap\nkept = []\nwhile True:\n    kept.append(mmap.mmap(-1, 10_000_000))\n"
    "    kept[-1].write(b'x' * 10_000_000)",
    "holds files of memory": "import os\nkept = []\nwhile True:\n    kept.append(os.memfd_create('x'))\n"
    "    os.write(kept[-1], b'x' * 10_000_000)",
    "laughs a billion times": "x = ['ha'] * 10\nfor _ in range(9): x = [x] * 10\nprint(x)\nx",
    "calls itself": "def f(): return f()\nf()",
    "calls itself without a limit": "import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(): return f()\nf()",
    "nests": "x = []\nfor _ in range(10 ** 6): x = [x]\nprint(x)\nx",
    "nests its text": "print(eval('(' * 5000 + ')' * 5000))",
    "fills the disk": "n = 0\nwhile True:\n    with open(f'{n}', 'wb') as f: f.write(b'x' * 10_000_000)\n    n += 1",
    "fills the other disk": "for n in range(999):\n    with open(f'/tmp/{n}', 'wb') as f: f.write(b'x' * 10_000_000)",
    "makes a file without end": "f = open('x', 'wb')\nf.truncate(1 << 40)\nprint('ESCAPED')",
    "makes files without end": "n = 0\nwhile True:\n    open(f'/tmp/{n}', 'w').close()\n    n += 1",
    "prints without end": "while True: print('x' * 1000)",
    "prints one line without end": "import sys\nwhile True: sys.stdout.write('x' * 100_000)",
    "complains without end": "import sys\nwhile True: print('x' * 1000, file=sys.stderr)",
    "prints what no screen shows": "print('\\x00\\x1b[2J\\x07' * 10)",
}
PROGRAMS: Final = {**FILES, **NETWORK, **SECRETS, **PROCESSES, **GREED}
# One of each kind, for every day.
SHORT: Final = (
    "follows a symlink", "makes a file by the shell", "goes by /proc", "reads every descriptor", "mounts", "opens devices",
    "calls the host", "calls by an abstract name", "speaks to the hypervisor", "reads the environment", "imports by name",
    "traces", "forks for ever", "stays behind", "kills", "becomes root", "makes a namespace", "ignores every signal",
    "holds everything", "matches for ever", "calls itself", "fills the disk", "makes files without end",
    "prints without end",
)  # fmt: skip
