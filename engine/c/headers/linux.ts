import { offT, pidT, sigsetT, sizeT, ssizeT, timeval } from './standard.ts';

/** Headers of POSIX, GNU and Linux. Numbers are those of Linux 6.18 on x86-64. */
const define = (names: Readonly<Record<string, number | string>>): string =>
  Object.entries(names)
    .map(([name, value]) => `#define ${name} ${value}\n`)
    .join('');

const SIGNALS = {
  SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGILL: 4, SIGTRAP: 5, SIGABRT: 6, SIGIOT: 6, SIGBUS: 7, SIGFPE: 8, SIGKILL: 9, SIGUSR1: 10,
  SIGSEGV: 11, SIGUSR2: 12, SIGPIPE: 13, SIGALRM: 14, SIGTERM: 15, SIGCHLD: 17, SIGCONT: 18, SIGSTOP: 19, SIGTSTP: 20, SIGSYS: 31,
  NSIG: 65, SIG_BLOCK: 0, SIG_UNBLOCK: 1, SIG_SETMASK: 2,
  SA_NOCLDSTOP: 1, SA_NOCLDWAIT: 2, SA_SIGINFO: 4, SA_ONSTACK: '0x08000000', SA_RESTART: '0x10000000', SA_NODEFER: '0x40000000', SA_RESETHAND: '0x80000000',
  SEGV_MAPERR: 1, SEGV_ACCERR: 2, BUS_ADRALN: 1, BUS_ADRERR: 2, FPE_INTDIV: 1, ILL_ILLOPC: 1, SI_USER: 0, SI_KERNEL: 128, SI_TKILL: -6,
}; // prettier-ignore

const SIGNAL = `${sizeT}${pidT}${sigsetT}${define(SIGNALS)}
typedef void (*__sighandler_t)(int); typedef __sighandler_t sighandler_t; typedef int sig_atomic_t; typedef unsigned uid_t_;
#define SIG_DFL ((__sighandler_t)0)
#define SIG_IGN ((__sighandler_t)1)
#define SIG_ERR ((__sighandler_t)-1)
union sigval { int sival_int; void *sival_ptr; };
typedef struct { int si_signo, si_errno, si_code, __pad; union { void *__addr; struct { int __pid; unsigned __uid; } __kill; int __room[28]; } __u; } siginfo_t;
#define si_addr __u.__addr
#define si_pid __u.__kill.__pid
#define si_uid __u.__kill.__uid
struct sigaction { union { __sighandler_t sa_handler; void (*sa_sigaction)(int, siginfo_t *, void *); } __h; sigset_t sa_mask; int sa_flags; void (*sa_restorer)(void); };
#define sa_handler __h.sa_handler
#define sa_sigaction __h.sa_sigaction
typedef struct { void *ss_sp; int ss_flags; size_t ss_size; } stack_t;
typedef struct { unsigned long __words[128]; } ucontext_t;
int sigaction(int sig, const struct sigaction *new, struct sigaction *old); __sighandler_t signal(int sig, __sighandler_t handler); int raise(int sig); int kill(pid_t pid, int sig);
int sigemptyset(sigset_t *set); int sigfillset(sigset_t *set); int sigaddset(sigset_t *set, int sig); int sigdelset(sigset_t *set, int sig); int sigismember(const sigset_t *set, int sig);
int sigprocmask(int how, const sigset_t *set, sigset_t *old);
`;

const MMAN = {
  PROT_NONE: 0, PROT_READ: 1, PROT_WRITE: 2, PROT_EXEC: 4, MAP_SHARED: 1, MAP_PRIVATE: 2, MAP_FIXED: 16, MAP_ANONYMOUS: 32,
  MAP_ANON: 32, MAP_GROWSDOWN: 256, MAP_LOCKED: 8192, MAP_NORESERVE: 16384, MAP_POPULATE: 32768, MAP_STACK: 131072,
  MAP_FIXED_NOREPLACE: 1048576, MREMAP_MAYMOVE: 1, MREMAP_FIXED: 2, MREMAP_DONTUNMAP: 4, MADV_NORMAL: 0, MADV_RANDOM: 1,
  MADV_SEQUENTIAL: 2, MADV_WILLNEED: 3, MADV_DONTNEED: 4, MADV_FREE: 8, MADV_REMOVE: 9, MADV_DONTFORK: 10, MADV_DOFORK: 11,
  MADV_MERGEABLE: 12, MADV_UNMERGEABLE: 13, MADV_HUGEPAGE: 14, MADV_NOHUGEPAGE: 15, MADV_DONTDUMP: 16, MADV_DODUMP: 17,
  MADV_WIPEONFORK: 18, MADV_KEEPONFORK: 19, MADV_COLD: 20, MADV_PAGEOUT: 21, MADV_POPULATE_READ: 22, MADV_POPULATE_WRITE: 23,
  MS_ASYNC: 1, MS_INVALIDATE: 2, MS_SYNC: 4, MCL_CURRENT: 1, MCL_FUTURE: 2, MCL_ONFAULT: 4, MLOCK_ONFAULT: 1,
}; // prettier-ignore

const MMAN_TEXT = `${sizeT}${offT}${define(MMAN)}
#define MAP_FAILED ((void *)-1)
void *mmap(void *address, size_t length, int prot, int flags, int fd, off_t offset); int munmap(void *address, size_t length); int mprotect(void *address, size_t length, int prot);
void *mremap(void *address, size_t old, size_t new, int flags, ...); int madvise(void *address, size_t length, int advice); int posix_madvise(void *address, size_t length, int advice);
int mincore(void *address, size_t length, unsigned char *vec); int msync(void *address, size_t length, int flags);
int mlock(const void *address, size_t length); int mlock2(const void *address, size_t length, unsigned flags); int munlock(const void *address, size_t length); int mlockall(int flags); int munlockall(void);
`;

const SYSCONF = { _SC_ARG_MAX: 0, _SC_CLK_TCK: 2, _SC_OPEN_MAX: 4, _SC_PAGESIZE: 30, _SC_PAGE_SIZE: 30, _SC_NPROCESSORS_CONF: 83, _SC_NPROCESSORS_ONLN: 84, _SC_PHYS_PAGES: 85, _SC_AVPHYS_PAGES: 86 }; // prettier-ignore

const UNISTD = `${sizeT}${ssizeT}${pidT}${offT}${define(SYSCONF)}
#ifndef NULL
#define NULL ((void *)0)
#endif
typedef long intptr_t_; typedef unsigned uid_t; typedef unsigned gid_t;
#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
pid_t fork(void); pid_t vfork(void); pid_t getpid(void); pid_t getppid(void); void _exit(int status); int brk(void *address); void *sbrk(long delta);
ssize_t write(int fd, const void *p, size_t n); long sysconf(int name); int getpagesize(void); unsigned sleep(unsigned seconds); int usleep(unsigned us); int pause(void);
uid_t getuid(void); uid_t geteuid(void); gid_t getgid(void); int setuid(uid_t uid); int isatty(int fd); int close(int fd); ssize_t read(int fd, void *p, size_t n); off_t lseek(int fd, off_t offset, int origin); int dup(int fd); int dup2(int fd, int to); int ftruncate(int fd, off_t length); int unlink(const char *path);
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
 unsigned alarm(unsigned seconds);
`;

const FCNTL = `${offT}
#define O_RDONLY 0
#define O_WRONLY 1
#define O_RDWR 2
#define O_CREAT 0100
#define O_EXCL 0200
#define O_TRUNC 01000
#define O_APPEND 02000
#define O_CLOEXEC 02000000
int open(const char *path, int flags, ...); int creat(const char *path, unsigned mode);
`;

const STAT = `${offT}
typedef unsigned mode_t;
struct stat { unsigned long st_dev, st_ino, st_nlink; mode_t st_mode; unsigned st_uid, st_gid, __pad; unsigned long st_rdev; off_t st_size; long st_blksize, st_blocks; long __times[6]; long __more[3]; };
#define S_IFMT 0170000
#define S_IFREG 0100000
#define S_IFIFO 0010000
#define S_ISREG(m) (((m) & S_IFMT) == S_IFREG)
#define S_ISFIFO(m) (((m) & S_IFMT) == S_IFIFO)
int fstat(int fd, struct stat *s);
`;

const RESOURCE = { RUSAGE_SELF: 0, RUSAGE_CHILDREN: -1, RLIMIT_CPU: 0, RLIMIT_FSIZE: 1, RLIMIT_DATA: 2, RLIMIT_STACK: 3, RLIMIT_CORE: 4, RLIMIT_RSS: 5, RLIMIT_NPROC: 6, RLIMIT_NOFILE: 7, RLIMIT_MEMLOCK: 8, RLIMIT_AS: 9, RLIM_INFINITY: '(~0UL)' }; // prettier-ignore

const RESOURCE_TEXT = `${timeval}${define(RESOURCE)}
typedef unsigned long rlim_t; struct rlimit { rlim_t rlim_cur, rlim_max; };
struct rusage { struct timeval ru_utime, ru_stime; long ru_maxrss, ru_ixrss, ru_idrss, ru_isrss, ru_minflt, ru_majflt, ru_nswap, ru_inblock, ru_oublock, ru_msgsnd, ru_msgrcv, ru_nsignals, ru_nvcsw, ru_nivcsw; };
int getrusage(int who, struct rusage *usage); int getrlimit(int resource, struct rlimit *limit); int setrlimit(int resource, const struct rlimit *limit);
`;

const WAIT = `${pidT}
#define WNOHANG 1
#define WUNTRACED 2
#define WEXITSTATUS(s) (((s) & 0xff00) >> 8)
#define WTERMSIG(s) ((s) & 0x7f)
#define WIFEXITED(s) (WTERMSIG(s) == 0)
#define WIFSIGNALED(s) (((signed char)(((s) & 0x7f) + 1) >> 1) > 0)
#define WIFSTOPPED(s) (((s) & 0xff) == 0x7f)
#define WCOREDUMP(s) ((s) & 0x80)
pid_t wait(int *status); pid_t waitpid(pid_t pid, int *status, int options);
`;

const MALLOPT = { M_MXFAST: 1, M_TRIM_THRESHOLD: -1, M_TOP_PAD: -2, M_MMAP_THRESHOLD: -3, M_MMAP_MAX: -4, M_CHECK_ACTION: -5, M_PERTURB: -6, M_ARENA_TEST: -7, M_ARENA_MAX: -8 }; // prettier-ignore

const MALLOC = `${sizeT}${define(MALLOPT)}
#include <stdlib.h>
size_t malloc_usable_size(void *p); int malloc_trim(size_t pad); int mallopt(int parameter, int value); void *memalign(size_t alignment, size_t n); void malloc_stats(void);
struct mallinfo2 { size_t arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost; };
struct mallinfo { int arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost; };
struct mallinfo2 mallinfo2(void); struct mallinfo mallinfo(void);
`;

export const LINUX_HEADERS: Readonly<Record<string, string>> = {
  'signal.h': SIGNAL,
  'sys/mman.h': MMAN_TEXT,
  'fcntl.h': FCNTL,
  'sys/stat.h': STAT,
  'unistd.h': UNISTD,
  'sys/resource.h': RESOURCE_TEXT,
  'sys/wait.h': WAIT,
  'sys/types.h': `${sizeT}${ssizeT}${pidT}${offT}`,
  'sys/time.h': timeval,
  'malloc.h': MALLOC,
  'features.h': '',
  'ucontext.h': '#include <signal.h>\n',
};
