/**
 * The part of the library that is C itself, compiled into every program: what starts it and ends it, its streams, and
 * what calls back into the program.
 */
export const RUNTIME = `
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <errno.h>
#include <unistd.h>
int errno;
struct _IO_FILE { int fd, mode, failed, ended; char *buffer; size_t size, used, at, filled; int back; struct _IO_FILE *next; };
static struct _IO_FILE __streams[3] = { { 0, _IOFBF }, { 1, _IOFBF }, { 2, _IONBF } };
FILE *__files;
FILE *stdin = &__streams[0], *stdout = &__streams[1], *stderr = &__streams[2];
int main(int argc, char **argv, char **envp);
char **environ;
void __restore(void);
static void (*__at_exit[32])(void);
static int __exits;
int atexit(void (*f)(void)) { if (__exits == 32) return -1; __at_exit[__exits++] = f; return 0; }
void exit(int status) { while (__exits > 0) __at_exit[--__exits](); fflush(0); _exit(status); }
void __start(int argc, char **argv, char **envp) { environ = envp; exit(main(argc, argv, envp)); }
void abort(void) { raise(SIGABRT); signal(SIGABRT, SIG_DFL); raise(SIGABRT); }
int __flush(FILE *f);
int fflush(FILE *f) { int r = 0; if (f) return __flush(f); for (f = __files; f; f = f->next) r |= __flush(f); __flush(stdin); return r | __flush(stdout) | __flush(stderr); }
int setvbuf(FILE *f, char *buffer, int mode, size_t size) { if (mode < _IOFBF || mode > _IONBF) return -1; f->mode = mode; if (mode != _IONBF && buffer) { f->buffer = buffer; f->size = size; } return 0; }
void setbuf(FILE *f, char *buffer) { setvbuf(f, buffer, buffer ? _IOFBF : _IONBF, BUFSIZ); }
void setlinebuf(FILE *f) { setvbuf(f, 0, _IOLBF, 0); }
int fileno(FILE *f) { return f->fd; } int ferror(FILE *f) { return f->failed; } int feof(FILE *f) { return f->ended; } void clearerr(FILE *f) { f->failed = f->ended = 0; }
void rewind(FILE *f) { fseek(f, 0, SEEK_SET); f->failed = 0; }
int remove(const char *path) { return unlink(path); }
int fputc(int c, FILE *f) { char b = c; return fwrite(&b, 1, 1, f) == 1 ? (unsigned char)c : EOF; }
int putc(int c, FILE *f) { return fputc(c, f); } int putchar(int c) { return fputc(c, stdout); }
int fputs(const char *s, FILE *f) { size_t n = strlen(s); return fwrite(s, 1, n, f) == n ? 1 : EOF; }
int puts(const char *s) { size_t n = strlen(s); if (fwrite(s, 1, n, stdout) != n || fputc('\\n', stdout) == EOF) return EOF; return n + 1; }
void perror(const char *s) { int e = errno; if (s && *s) fprintf(stderr, "%s: %s\\n", s, strerror(e)); else fprintf(stderr, "%s\\n", strerror(e)); }
char *strerror(int n) { extern char *__error_text(int, char *); static char known[134][40], unknown[40]; return __error_text(n, n >= 0 && n < 134 ? known[n] : unknown); }
void __assert_fail(const char *text, const char *file, unsigned line, const char *function) { extern const char *__program_name; fprintf(stderr, "%s: %s:%u: %s: Assertion \`%s' failed.\\n", __program_name, file, line, function, text); abort(); }
const char *__program_name = "";
int sigemptyset(sigset_t *set) { memset(set, 0, sizeof *set); return 0; } int sigfillset(sigset_t *set) { memset(set, -1, sizeof *set); return 0; }
static int __signal_ok(int sig) { if (sig > 0 && sig < 65) return 1; errno = EINVAL; return 0; }
int sigaddset(sigset_t *set, int sig) { if (!__signal_ok(sig)) return -1; set->__val[0] |= 1UL << (sig - 1); return 0; } int sigdelset(sigset_t *set, int sig) { if (!__signal_ok(sig)) return -1; set->__val[0] &= ~(1UL << (sig - 1)); return 0; }
int sigismember(const sigset_t *set, int sig) { if (!__signal_ok(sig)) return -1; return set->__val[0] >> (sig - 1) & 1; }
__sighandler_t signal(int sig, __sighandler_t handler) { struct sigaction new, old; memset(&new, 0, sizeof new); new.sa_handler = handler; new.sa_flags = SA_RESTART; return sigaction(sig, &new, &old) < 0 ? SIG_ERR : old.sa_handler; }
int raise(int sig) { return kill(getpid(), sig); }
int isalpha(int c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); } int isdigit(int c) { return c >= '0' && c <= '9'; } int isalnum(int c) { return isalpha(c) || isdigit(c); } int isspace(int c) { return c == ' ' || (c >= 9 && c <= 13); }
int isupper(int c) { return c >= 'A' && c <= 'Z'; } int islower(int c) { return c >= 'a' && c <= 'z'; } int isprint(int c) { return c >= 32 && c < 127; } int isgraph(int c) { return c > 32 && c < 127; } int ispunct(int c) { return isgraph(c) && !isalnum(c); }
int iscntrl(int c) { return (c >= 0 && c < 32) || c == 127; } int isxdigit(int c) { return isdigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); } int isblank(int c) { return c == ' ' || c == '\\t'; } int toupper(int c) { return islower(c) ? c - 32 : c; } int tolower(int c) { return isupper(c) ? c + 32 : c; }
int abs(int n) { return n < 0 ? -n : n; } long labs(long n) { return n < 0 ? -n : n; } long long llabs(long long n) { return n < 0 ? -n : n; }
div_t div(int a, int b) { div_t r = { a / b, a % b }; return r; } ldiv_t ldiv(long a, long b) { ldiv_t r = { a / b, a % b }; return r; }
static unsigned long __scan(const char *s, char **end, int base, int *negative, int *over) { const char *start = s; unsigned long n = 0; int any = 0; *negative = *over = 0; while (isspace(*s)) s++; if (*s == '-' || *s == '+') *negative = *s++ == '-';
  if ((base == 0 || base == 16) && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && isxdigit(s[2])) { s += 2; base = 16; } else if (base == 0) base = *s == '0' ? 8 : 10;
  for (;; s++) { int d = isdigit(*s) ? *s - '0' : isalpha(*s) ? tolower(*s) - 'a' + 10 : 99; if (d >= base) break; any = 1; if (n > (~0UL - d) / base) *over = 1; n = n * base + d; } if (end) *end = (char *)(any ? s : start); return n; }
unsigned long strtoul(const char *s, char **end, int base) { int negative, over; unsigned long n = __scan(s, end, base, &negative, &over); if (over) { errno = ERANGE; return ~0UL; } return negative ? -n : n; }
long strtol(const char *s, char **end, int base) { int negative, over; unsigned long n = __scan(s, end, base, &negative, &over), most = (1UL << 63) - !negative; if (over || n > most) { errno = ERANGE; return (long)most; } return negative ? -n : n; }
long long strtoll(const char *s, char **end, int base) { return strtol(s, end, base); } unsigned long long strtoull(const char *s, char **end, int base) { return strtoul(s, end, base); }
int atoi(const char *s) { return (int)strtol(s, 0, 10); } long atol(const char *s) { return strtol(s, 0, 10); } long long atoll(const char *s) { return strtol(s, 0, 10); } double atof(const char *s) { return strtod(s, 0); }
static int __table[34], __front = -1, __back;
void srandom(unsigned seed) { int i; long w; static int r[344]; r[0] = seed ? seed : 1; for (i = 1; i < 31; i++) { w = 16807L * r[i - 1] % 2147483647; r[i] = w < 0 ? w + 2147483647 : w; } for (i = 31; i < 34; i++) r[i] = r[i - 31]; for (i = 34; i < 344; i++) r[i] = (unsigned)r[i - 31] + (unsigned)r[i - 3]; for (i = 0; i < 31; i++) __table[i] = r[313 + i]; __front = 0; __back = 28; }
long random(void) { unsigned n; if (__front < 0) srandom(1); n = (unsigned)__table[__front] + (unsigned)__table[__back]; __table[__front] = n; __front = (__front + 1) % 31; __back = (__back + 1) % 31; return n >> 1; }
int rand(void) { return random(); } void srand(unsigned seed) { srandom(seed); }
int rand_r(unsigned *seed) { unsigned next = *seed; int r; next = next * 1103515245 + 12345; r = next / 65536 % 2048; next = next * 1103515245 + 12345; r = r << 10 ^ next / 65536 % 1024; next = next * 1103515245 + 12345; r = r << 10 ^ next / 65536 % 1024; *seed = next; return r; }
static void __merge(char *b, size_t n, size_t s, int (*compare)(const void *, const void *), char *tmp) { size_t n1 = n / 2, n2 = n - n1; char *b1 = b, *b2 = b + n1 * s, *t = tmp; if (n <= 1) return; __merge(b1, n1, s, compare, tmp); __merge(b2, n2, s, compare, tmp);
  while (n1 > 0 && n2 > 0) { if (compare(b1, b2) <= 0) { t = mempcpy(t, b1, s); b1 += s; n1--; } else { t = mempcpy(t, b2, s); b2 += s; n2--; } } if (n1 > 0) memcpy(t, b1, n1 * s); memcpy(b, tmp, (n - n2) * s); }
void qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *)) { size_t total = n * size; if (total < 1024) __merge(base, n, size, compare, __builtin_alloca(total)); else { char *tmp = malloc(total); if (tmp) { __merge(base, n, size, compare, tmp); free(tmp); } } }
void *bsearch(const void *key, const void *base, size_t n, size_t size, int (*compare)(const void *, const void *)) { size_t l = 0, u = n; while (l < u) { size_t i = (l + u) / 2; const void *p = (const char *)base + i * size; int c = compare(key, p); if (c < 0) u = i; else if (c > 0) l = i + 1; else return (void *)p; } return 0; }
char *strtok_r(char *s, const char *set, char **save) { char *end; if (!s) s = *save; if (!*s) { *save = s; return 0; } s += strspn(s, set); if (!*s) { *save = s; return 0; } end = s + strcspn(s, set); if (!*end) { *save = end; return s; } *end = 0; *save = end + 1; return s; }
static char *__token; char *strtok(char *s, const char *set) { return strtok_r(s, set, &__token); }
char *strsep(char **s, const char *set) { char *start = *s, *end; if (!start) return 0; end = start + strcspn(start, set); if (*end) { *end++ = 0; *s = end; } else *s = 0; return start; }
char *strdup(const char *s) { size_t n = strlen(s) + 1; char *p = malloc(n); return p ? memcpy(p, s, n) : 0; } char *strndup(const char *s, size_t n) { size_t len = strnlen(s, n); char *p = malloc(len + 1); if (!p) return 0; p[len] = 0; return memcpy(p, s, len); }
char *getenv(const char *name) { size_t n = strlen(name); for (char **e = environ; *e; e++) if (!strncmp(*e, name, n) && (*e)[n] == '=') return *e + n + 1; return 0; }
int brk(void *address) { extern long __brk(void *); if (__brk(address) < (long)address) { errno = ENOMEM; return -1; } return 0; }
unsigned sleep(unsigned seconds) { extern int __sleep(long); __sleep(seconds * 1000000000L); return 0; } int usleep(unsigned us) { extern int __sleep(long); return __sleep(us * 1000L); }
int getpagesize(void) { return 4096; }
void _Exit(int status) { _exit(status); }
`;
