/** Programs that use the C library, for comparison with gcc and glibc. */
export const LIBRARY_PROGRAMS: Readonly<Record<string, string>> = {
  'printf of floating numbers': `#include <stdio.h>
int main(void) { double v[] = { 0, 1, -1, 0.5, 1.5, 2.5, 0.1, 123456789.125, 1e10, 1e-10, 1e300, 5e-324, 3.14159265358979, 999998.5, 0.00001234, -0.0, 1e15, 1e16, 1e17, 100000, 1000000, 1.0 / 3 };
  const char *f[] = { "%f", "%e", "%g", "%a", "%.0f", "%.1f", "%.10g", "%#g", "%+.3e", "% 12.4f|", "%-12.2f|", "%012.3f", "%.17g", "%G", "%E", "%.0e", "%#.0f", "%.3a", "%20a|", "%A" };
  for (unsigned i = 0; i < sizeof v / sizeof *v; i++) for (unsigned j = 0; j < sizeof f / sizeof *f; j++) { printf(f[j], v[i]); putchar('\\n'); }
  double inf = 1e308 * 10; printf("%f %5.1F %e %g|%010f|%-8g|\\n", inf, -inf, inf, -inf, inf, inf); printf("%f\\n", (float)0.1); return 0; }`,
  'printf of everything else': `#include <stdio.h>
#include <stdint.h>
#include <inttypes.h>
#include <errno.h>
int main(void) { int n; printf("%2$s %1$d %2$s\\n", 5, "x"); printf("%*d|%-*d|%.*f|%*.*f\\n", 5, 42, 6, 7, 2, 1.234, 8, 1, 2.55); printf("abc%n", &n); printf(" %d\\n", n); printf("%hhu %hu %lu %llu %ju %zu\\n", (unsigned char)300, (unsigned short)70000, 1ul << 63, ~0ull, (uintmax_t)9, sizeof n);
  printf("%+d % d %05d %-5d| %x %#X %#o %o\\n", 3, 3, -3, 3, 255, 255, 8, 0); printf("%.5d %8.5d %-8.5d| %.0d|%+.0d\\n", 42, -42, 42, 0, 0); printf("%5s|%-5s|%.2s|%5.1s|%s\\n", "ab", "ab", "abc", "xyz", (char *)0); printf("%c%c%5c|%-3c|\\n", 'a', 66, 'c', 'd'); printf("%p %p\\n", (void *)0, (void *)0x1234); printf("100%%\\n"); printf("%" PRId64 " %" PRIx32 "\\n", (int64_t)-5, (uint32_t)255); errno = 2; printf("%m\\n"); char b[10]; printf("%d %s\\n", snprintf(b, 5, "%s", "abcdefgh"), b); printf("%i %u %li\\n", -1, -1, -1L); printf("%#x %#o %#llx\\n", 0, 0, 0x123456789abcULL); printf("[%-10.3s] [%10s]\\n", "abcdef", "right"); return printf("") + sprintf(b, "%03d", 7); }`,
  'string.h': `#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
static int sign(int n) { return (n > 0) - (n < 0); }
int main(void) { char b[64] = "hello"; printf("%zu %zu\\n", strlen(b), strnlen(b, 3)); strcat(b, " world"); strncat(b, "!!!", 2); puts(b); printf("%d %d %d %d\\n", sign(strcmp("a", "b")), strcmp("x", "x"), sign(strncmp("abc", "abd", 2)), sign(strcmp("abc", "ab"))); puts(strchr(b, 'w')); puts(strrchr(b, 'o')); printf("%d\\n", strchr(b, 'z') == NULL); puts(strstr(b, "lo w")); printf("%zu %zu\\n", strspn("aabbc", "ab"), strcspn("hello", "l")); puts(strpbrk("hello", "xl")); 
  char s[] = "a,b;;c"; for (char *t = strtok(s, ",;"); t; t = strtok(NULL, ",;")) puts(t); memset(b, 'x', 4); puts(b); memmove(b + 2, b, 8); puts(b); printf("%d %d\\n", sign(memcmp("abc", "abd", 3)), memcmp("abc", "abd", 2)); printf("%td\\n", (char *)memchr(b, 'o', 20) - b); printf("%s\\n", (char *)memmem("haystack", 8, "st", 2)); char d[8]; strncpy(d, "abcdefghij", 7); d[7] = 0; puts(d); char *p = strdup("copy"), *q = strndup("truncate", 5); printf("%s %s\\n", p, q); free(p); free(q); printf("%s|%s\\n", strerror(12), strerror(999)); char *e = stpcpy(d, "xy"); printf("%td %s\\n", e - d, (char *)mempcpy(d, "abc", 4) - 4); printf("%d\\n", sign(strcasecmp("HeLLo", "hello"))); return 0; }`,
  'stdlib.h': `#include <stdio.h>
#include <stdlib.h>
#include <errno.h>
#include <limits.h>
static int cmp(const void *a, const void *b) { int x = *(int *)a, y = *(int *)b; return (x > y) - (x < y); } static void bye(void) { puts("bye"); } static void first(void) { puts("first"); }
int main(void) { int v[300]; srand(42); for (int i = 0; i < 300; i++) v[i] = rand() % 1000; qsort(v, 300, sizeof *v, cmp); for (int i = 0; i < 300; i += 50) printf("%d ", v[i]); int k = v[77]; int *f = bsearch(&k, v, 300, sizeof *v, cmp); printf("%d\\n", *f == k); char *end; long l = strtol("  -12x", &end, 10); printf("%ld %s\\n", l, end); printf("%ld %ld %ld %lu\\n", strtol("0x1f", 0, 0), strtol("077", 0, 0), strtol("zz", 0, 36), strtoul("-1", 0, 10)); errno = 0; printf("%d %d\\n", strtol("99999999999999999999", 0, 10) == LONG_MAX, errno == ERANGE); printf("%d %g %g\\n", atoi("42abc"), strtod("2.5e3x", &end), atof("-.5")); puts(end); div_t d = div(-7, 2); printf("%d %d %d\\n", d.quot, d.rem, abs(-5)); printf("%d %d\\n", rand(), rand()); unsigned s = 1; printf("%d\\n", rand_r(&s)); atexit(bye); atexit(first); printf("%s\\n", getenv("NOPE") ? "set" : "unset"); exit(3); }`,
  'processes and buffers': `#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/wait.h>
#include <signal.h>
#include <errno.h>
#include <string.h>
int main(void) { printf("once? "); if (fork() == 0) { printf("child\\n"); exit(7); } int st; pid_t p = wait(&st); printf("parent %d %d\\n", WIFEXITED(st), WEXITSTATUS(st)); fflush(stdout); if (fork() == 0) { abort(); } wait(&st); printf("%d %d\\n", WIFSIGNALED(st), WTERMSIG(st)); fflush(stdout); if ((p = fork()) == 0) for (;;) pause(); kill(p, SIGTERM); printf("%d\\n", waitpid(p, &st, 0) == p); printf("%d %d\\n", WTERMSIG(st), wait(&st)); printf("%s\\n", strerror(errno)); fflush(stdout); int n = 0; for (int i = 0; i < 3; i++) if (fork() == 0) { _exit(i); } while (wait(&st) > 0) n += WEXITSTATUS(st); printf("%d\\n", n); write(1, "direct\\n", 7); return 0; }`,
  'signals and jumps': `#define _GNU_SOURCE
#include <stdio.h>
#include <signal.h>
#include <setjmp.h>
#include <string.h>
#include <unistd.h>
static sigjmp_buf env; static volatile int count; static void on(int s) { count += s; } static void fault(int s, siginfo_t *i, void *c) { siglongjmp(env, i->si_code + 10 * (i->si_addr == (void *)16)); } static void fpe(int s) { siglongjmp(env, 99); }
int main(void) { signal(SIGUSR1, on); raise(SIGUSR1); raise(SIGUSR1); printf("%d\\n", count); struct sigaction sa = { .sa_sigaction = fault, .sa_flags = SA_SIGINFO }; sigemptyset(&sa.sa_mask); sigaction(SIGSEGV, &sa, NULL); int r = sigsetjmp(env, 1); if (r == 0) *(volatile int *)16 = 1; printf("%d\\n", r); r = sigsetjmp(env, 1); if (r == 0) { char *s = "literal"; *s = 'x'; } printf("%d\\n", r); signal(SIGFPE, fpe); volatile int z = 0; r = sigsetjmp(env, 1); if (r == 0) printf("%d\\n", 5 / z); printf("%d\\n", r); jmp_buf jb; volatile int k = 0; if (setjmp(jb) < 3) longjmp(jb, ++k); printf("%d\\n", k); sigset_t s, o; sigemptyset(&s); sigaddset(&s, SIGUSR2); signal(SIGUSR2, on); sigprocmask(SIG_BLOCK, &s, &o); count = 0; raise(SIGUSR2); printf("%d ", count); sigprocmask(SIG_SETMASK, &o, NULL); printf("%d\\n", count); printf("%d\\n", sigismember(&s, SIGUSR2)); signal(SIGTERM, SIG_IGN); raise(SIGTERM); puts("alive"); fflush(stdout); signal(SIGSEGV, SIG_DFL); return *(volatile int *)8; }`,
  'malloc and its figures': `#include <stdio.h>
#include <stdlib.h>
#include <malloc.h>
#include <string.h>
#include <stdint.h>
#include <errno.h>
int main(void) { char *a = malloc(24), *b = malloc(24); printf("%td %zu\\n", b - a, malloc_usable_size(a)); free(a); char *c = malloc(20); printf("%d\\n", a == c); int *z = calloc(10, 4); int s = 0; for (int i = 0; i < 10; i++) s += z[i]; printf("%d\\n", s); void *m; printf("%d %d\\n", posix_memalign(&m, 64, 100), (int)((uintptr_t)m % 64)); printf("%d\\n", posix_memalign(&m, 3, 100)); m = aligned_alloc(4096, 8192); printf("%d\\n", (int)((uintptr_t)m % 4096)); errno = 0; printf("%d %d\\n", malloc(SIZE_MAX) == NULL, errno); struct mallinfo2 i = mallinfo2(); printf("%zu %zu %zu\\n", i.arena, i.uordblks, i.hblks); char *big = malloc(1 << 20); i = mallinfo2(); printf("%zu %zu\\n", i.hblks, i.hblkhd); free(big); mallopt(M_MMAP_THRESHOLD, 1 << 22); big = malloc(1 << 20); printf("%zu\\n", mallinfo2().hblks); free(b); free(b); return 0; }`,
  'variable arguments': `#include <stdio.h>
#include <stdarg.h>
struct big { long a, b, c; }; static int sum(int n, ...) { va_list ap, aq; va_start(ap, n); va_copy(aq, ap); int s = 0; for (int i = 0; i < n; i++) s += va_arg(ap, int); va_end(ap); printf("%d ", va_arg(aq, int)); return s; } static void mixed(const char *f, ...) { va_list ap; va_start(ap, f); for (; *f; f++) switch (*f) { case 'd': printf("%d ", va_arg(ap, int)); break; case 'l': printf("%ld ", va_arg(ap, long)); break; case 'f': printf("%g ", va_arg(ap, double)); break; case 's': printf("%s ", va_arg(ap, char *)); break; case 'b': printf("%ld ", va_arg(ap, struct big).b); } va_end(ap); puts(""); } static int logf_(const char *f, ...) { va_list ap; va_start(ap, f); int n = vprintf(f, ap); va_end(ap); return n; }
int main(void) { printf("%d\\n", sum(3, 10, 20, 30)); struct big g = { 1, 2, 3 }; mixed("dlfsb", -1, 5000000000L, 2.5f, "text", g); printf("%d\\n", logf_("%s=%d\\n", "x", 9)); return 0; }`,
  assert: `#include <assert.h>
#include <stdio.h>
int main(void) { puts("before"); assert(1 + 1 == 2); assert(1 + 1 == 3); puts("after"); return 0; }`,
  'maps and advice': `#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <string.h>
#include <errno.h>
#include <unistd.h>
int main(void) { long p = sysconf(_SC_PAGESIZE); char *m = mmap(NULL, 4 * p, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); char *n = mmap(NULL, p, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); printf("%td\\n", m - n); strcpy(m, "kept"); char *g = mremap(m, 4 * p, 16 * p, MREMAP_MAYMOVE); printf("%s %d\\n", g, g == MAP_FAILED); unsigned char v[16]; printf("%d ", mincore(g, 16 * p, v)); for (int i = 0; i < 16; i++) printf("%d", v[i] & 1); puts(""); printf("%d %s\\n", mprotect(g + 1, p, PROT_READ), strerror(errno)); printf("%d %s\\n", munmap(g + 1, p), strerror(errno)); printf("%p\\n", mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)); perror("mmap"); char *f = mmap(g, p, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0); printf("%d %d\\n", f == g, f[0]); printf("%d\\n", mmap(g, p, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == MAP_FAILED && errno == EEXIST); printf("%d\\n", madvise(g, p, 12345)); printf("%d\\n", errno == EINVAL); return 0; }`,
};
