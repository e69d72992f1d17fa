/*
 * A process of a kernel script, for `faultline verify --kernel`: does one operation at a time and says what came of it.
 *
 * It is built without a C library, so that nothing is in its address space but what is named here: two pages of data, its
 * code, its stack. All of that is made present before each measurement, so the faults counted are the script's. Process N
 * talks on descriptor FIRST_FD + N; a child of fork goes on where its parent stood, on a descriptor of its own.
 *
 * A command is seven words: operation, a … f. An answer is seven words and the bytes they announce.
 */
typedef unsigned long word;

enum { FIRST_FD = 3, PAGE = 4096, MOST_BYTES = 4096, MOST_RANGES = 12 };
enum operation { SYSTEM_CALL = 1, TOUCH_READ, TOUCH_WRITE, READ, FORK, EXIT, MINCORE, RANGES, LIMIT, DROP_CAPABILITY, PIN };

/* Numbers of system calls and of what is passed to them, x86-64. Source: Linux arch/x86/entry/syscalls/syscall_64.tbl. */
enum {
  SYS_read = 0,
  SYS_write = 1,
  SYS_poll = 7,
  SYS_rt_sigaction = 13,
  SYS_mincore = 27,
  SYS_madvise = 28,
  SYS_getpid = 39,
  SYS_fork = 57,
  SYS_getrusage = 98,
  SYS_capget = 125,
  SYS_capset = 126,
  SYS_sched_setaffinity = 203,
  SYS_exit_group = 231,
  SYS_prlimit64 = 302,
};
enum { MADV_POPULATE_READ = 22, MADV_POPULATE_WRITE = 23 };
enum { SIGBUS = 7, SIGSEGV = 11, SIGCHLD = 17, SIG_IGN = 1, SA_SIGINFO = 4, SA_RESTORER = 0x04000000 };
enum { EAGAIN = 11, POLLIN = 1, CAPABILITY_VERSION_3 = 0x20080522 };
/* Places in struct rusage, in words. */
enum { RUSAGE_WORDS = 18, RU_MINFLT = 8, RU_MAJFLT = 9 };
/* Place of the instruction pointer in struct ucontext, in words: flags, link and stack come before the registers. */
enum { UCONTEXT_RIP = 5 + 16 };

struct command {
  long operation, a, b, c, d, e, f;
};
struct answer {
  long result, signal, code, done, minor, major, length;
};
struct range {
  word start, end, writable;
};

static struct command command;
static struct answer answer;
static unsigned char bytes[MOST_BYTES];
static struct range ranges[MOST_RANGES];
static long range_count;
static volatile long caught, caught_code;

static long system_call(long number, long a, long b, long c, long d, long e, long f) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

/* One access each, and where one goes on that was caught: as if it had returned. */
long load_byte(const void *address);
long store_byte(void *address, long value);
void access_caught(void);
void return_from_signal(void);
__asm__(
    ".text\n"
    "load_byte: movzbl (%rdi), %eax\n ret\n"
    "store_byte: movb %sil, (%rdi)\n xorl %eax, %eax\n ret\n"
    "access_caught: movq $-1, %rax\n ret\n"
    "return_from_signal: movq $15, %rax\n syscall\n"
    ".globl _start\n"
    "_start: xorl %ebp, %ebp\n andq $-16, %rsp\n call serve\n");

static void on_signal(int signal, const int *info, long *context) {
  caught = signal;
  caught_code = info[2];
  context[UCONTEXT_RIP] = (long)access_caught;
}

static void catch_signal(int signal, word handler, word flags) {
  word action[4] = {handler, flags | SA_RESTORER, (word)return_from_signal, 0};
  system_call(SYS_rt_sigaction, signal, (long)action, 0, 8, 0, 0);
}

/* The process's own pages: present, and its own after a fork. */
static void make_present(void) {
  for (long i = 0; i < range_count; i++) {
    long advice = ranges[i].writable ? MADV_POPULATE_WRITE : MADV_POPULATE_READ;
    system_call(SYS_madvise, ranges[i].start, ranges[i].end - ranges[i].start, advice, 0, 0, 0);
  }
}

static void count_faults(long *minor, long *major) {
  long usage[RUSAGE_WORDS];
  system_call(SYS_getrusage, 0, (long)usage, 0, 0, 0, 0);
  *minor = usage[RU_MINFLT];
  *major = usage[RU_MAJFLT];
}

static int receive(long fd, void *to, long length) {
  char *at = to;
  while (length > 0) {
    long got = system_call(SYS_read, fd, (long)at, length, 0, 0, 0);
    if (got == -EAGAIN) {
      struct {
        int fd;
        short events, returned;
      } wait = {(int)fd, POLLIN, 0};
      system_call(SYS_poll, (long)&wait, 1, -1, 0, 0, 0);
      continue;
    }
    if (got <= 0) return 0;
    at += got;
    length -= got;
  }
  return 1;
}

static void send(long fd, const void *from, long length) {
  const char *at = from;
  while (length > 0) {
    long done = system_call(SYS_write, fd, (long)at, length, 0, 0, 0);
    if (done < 0) system_call(SYS_exit_group, 1, 0, 0, 0, 0, 0);
    at += done;
    length -= done;
  }
}

/* One access to each of so many pages, until one is caught. */
static void touch(long operation, char *address, long pages, long value) {
  for (long i = 0; i < pages; i++, address += PAGE) {
    long got = operation == TOUCH_WRITE ? store_byte(address, value) : load_byte(address);
    if (caught != 0) {
      answer.signal = caught;
      answer.code = caught_code;
      return;
    }
    if (operation == READ && answer.length < MOST_BYTES) bytes[answer.length++] = got;
    answer.done++;
  }
}

/* resource, soft, hard; hard -2 leaves it as it is. */
static long set_limit(long resource, long soft, long hard) {
  long limit[2];
  long result = system_call(SYS_prlimit64, 0, resource, 0, (long)limit, 0, 0);
  if (result != 0) return result;
  limit[0] = soft;
  if (hard != -2) limit[1] = hard;
  return system_call(SYS_prlimit64, 0, resource, (long)limit, 0, 0, 0);
}

static long drop_capability(long capability) {
  unsigned header[2] = {CAPABILITY_VERSION_3, 0};
  unsigned sets[6]; /* effective, permitted, inheritable; twice */
  long result = system_call(SYS_capget, (long)header, (long)sets, 0, 0, 0, 0);
  if (result != 0) return result;
  long half = capability / 32 * 3;
  unsigned bit = 1u << capability % 32;
  sets[half] &= ~bit;
  sets[half + 1] &= ~bit;
  return system_call(SYS_capset, (long)header, (long)sets, 0, 0, 0, 0);
}

static void carry_out(long fd) {
  const struct command *c = &command;
  switch (c->operation) {
    case SYSTEM_CALL: answer.result = system_call(c->a, c->b, c->c, c->d, c->e, c->f, 0); break;
    case TOUCH_READ:
    case TOUCH_WRITE:
    case READ: touch(c->operation, (char *)c->a, c->b, c->c); break;
    case MINCORE:
      answer.result = system_call(SYS_mincore, c->a, c->b, (long)bytes, 0, 0, 0);
      if (answer.result == 0) answer.length = (c->b + PAGE - 1) / PAGE;
      break;
    case RANGES:
      range_count = c->a;
      receive(fd, ranges, range_count * (long)sizeof *ranges);
      make_present();
      break;
    case LIMIT: answer.result = set_limit(c->a, c->b, c->c); break;
    case DROP_CAPABILITY: answer.result = drop_capability(c->a); break;
    case PIN: answer.result = system_call(SYS_sched_setaffinity, 0, sizeof c->a, (long)&c->a, 0, 0, 0); break;
    default: break;
  }
}

__attribute__((used)) static void serve(void) {
  long fd = FIRST_FD;
  catch_signal(SIGSEGV, (word)on_signal, SA_SIGINFO);
  catch_signal(SIGBUS, (word)on_signal, SA_SIGINFO);
  catch_signal(SIGCHLD, SIG_IGN, 0);
  while (receive(fd, &command, sizeof command)) {
    long minor, major;
    answer = (struct answer){0};
    caught = 0;
    if (command.operation == EXIT) break;
    count_faults(&minor, &major);
    if (command.operation == FORK) {
      long child = command.a;
      answer.result = system_call(SYS_fork, 0, 0, 0, 0, 0, 0);
      if (answer.result == 0) {
        fd = FIRST_FD + child;
        answer.result = system_call(SYS_getpid, 0, 0, 0, 0, 0, 0);
      }
      make_present();
    } else {
      carry_out(fd);
      count_faults(&answer.minor, &answer.major);
      answer.minor -= minor;
      answer.major -= major;
    }
    send(fd, &answer, sizeof answer);
    if (answer.length > 0) send(fd, bytes, answer.length);
  }
  system_call(SYS_exit_group, 0, 0, 0, 0, 0, 0);
}
