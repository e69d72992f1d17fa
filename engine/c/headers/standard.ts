/** Headers of the C standard, as far as the lab's library goes. Values are glibc's and x86-64's. */

const SIZE_T = 'typedef unsigned long size_t;\n';
const NULL = '#undef NULL\n#define NULL ((void *)0)\n';
const VA_LIST =
  'typedef struct { unsigned __gp; unsigned __fp; void *__overflow; void *__saved; } __builtin_va_list[1];\n';
const once = (name: string, text: string): string => `#ifndef ${name}\n#define ${name}\n${text}#endif\n`;

export const sizeT = once('__size_t', SIZE_T);
export const vaList = once('__va_list_type', `${VA_LIST}typedef __builtin_va_list __gnuc_va_list;\n`);
export const ssizeT = once('__ssize_t', 'typedef long ssize_t;\n');
export const pidT = once('__pid_t', 'typedef int pid_t;\n');
export const offT = once('__off_t', 'typedef long off_t;\n');
export const timeT = once('__time_t', 'typedef long time_t;\n');
export const timespec = once('__timespec', `${timeT}struct timespec { time_t tv_sec; long tv_nsec; };\n`);
export const timeval = once('__timeval', `${timeT}struct timeval { time_t tv_sec; long tv_usec; };\n`);
export const sigsetT = once('__sigset_t', 'typedef struct { unsigned long __val[16]; } sigset_t;\n');

const fixed = [8, 16, 32, 64]
  .map((bits) => {
    const type = { 8: 'char', 16: 'short', 32: 'int', 64: 'long' }[bits];
    return `typedef ${bits === 8 ? 'signed ' : ''}${type} int${bits}_t; typedef unsigned ${type} uint${bits}_t;
typedef int${bits}_t int_least${bits}_t; typedef uint${bits}_t uint_least${bits}_t;
`;
  })
  .join('');

const STDINT = `${fixed}
typedef signed char int_fast8_t; typedef unsigned char uint_fast8_t; typedef long int_fast16_t; typedef unsigned long uint_fast16_t;
typedef long int_fast32_t; typedef unsigned long uint_fast32_t; typedef long int_fast64_t; typedef unsigned long uint_fast64_t;
typedef long intptr_t; typedef unsigned long uintptr_t; typedef long intmax_t; typedef unsigned long uintmax_t;
#define INT8_MIN (-128)
#define INT16_MIN (-32767-1)
#define INT32_MIN (-2147483647-1)
#define INT64_MIN (-9223372036854775807L-1)
#define INT8_MAX (127)
#define INT16_MAX (32767)
#define INT32_MAX (2147483647)
#define INT64_MAX (9223372036854775807L)
#define UINT8_MAX (255)
#define UINT16_MAX (65535)
#define UINT32_MAX (4294967295U)
#define UINT64_MAX (18446744073709551615UL)
#define INTPTR_MIN INT64_MIN
#define INTPTR_MAX INT64_MAX
#define UINTPTR_MAX UINT64_MAX
#define INTMAX_MIN INT64_MIN
#define INTMAX_MAX INT64_MAX
#define UINTMAX_MAX UINT64_MAX
#define PTRDIFF_MIN INT64_MIN
#define PTRDIFF_MAX INT64_MAX
#define SIZE_MAX UINT64_MAX
#define INT8_C(c) c
#define INT16_C(c) c
#define INT32_C(c) c
#define INT64_C(c) c ## L
#define UINT8_C(c) c
#define UINT16_C(c) c
#define UINT32_C(c) c ## U
#define UINT64_C(c) c ## UL
#define INTMAX_C(c) c ## L
#define UINTMAX_C(c) c ## UL
`;

const INTTYPES = ['d', 'i', 'o', 'u', 'x', 'X']
  .flatMap((c) => [
    `#define PRI${c}8 "hh${c}"`, `#define PRI${c}16 "h${c}"`, `#define PRI${c}32 "${c}"`, `#define PRI${c}64 "l${c}"`,
    `#define PRI${c}PTR "l${c}"`, `#define PRI${c}MAX "l${c}"`,
  ])
  .join('\n'); // prettier-ignore

const LIMITS = `#define CHAR_BIT 8
#define SCHAR_MIN (-128)
#define SCHAR_MAX 127
#define UCHAR_MAX 255
#define CHAR_MIN SCHAR_MIN
#define CHAR_MAX SCHAR_MAX
#define SHRT_MIN (-32768)
#define SHRT_MAX 32767
#define USHRT_MAX 65535
#define INT_MIN (-2147483647-1)
#define INT_MAX 2147483647
#define UINT_MAX 4294967295U
#define LONG_MIN (-9223372036854775807L-1L)
#define LONG_MAX 9223372036854775807L
#define ULONG_MAX 18446744073709551615UL
#define LLONG_MIN (-9223372036854775807LL-1LL)
#define LLONG_MAX 9223372036854775807LL
#define ULLONG_MAX 18446744073709551615ULL
#define PATH_MAX 4096
`;

const FLOAT = `#define FLT_RADIX 2
#define FLT_MANT_DIG 24
#define DBL_MANT_DIG 53
#define FLT_DIG 6
#define DBL_DIG 15
#define DBL_DECIMAL_DIG 17
#define FLT_DECIMAL_DIG 9
#define FLT_EPSILON 1.19209290e-7F
#define DBL_EPSILON 2.2204460492503131e-16
#define FLT_MAX 3.40282347e+38F
#define FLT_MIN 1.17549435e-38F
#define DBL_MAX 1.7976931348623157e+308
#define DBL_MIN 2.2250738585072014e-308
#define DBL_MAX_EXP 1024
#define DBL_MIN_EXP (-1021)
`;

const STDIO = `${sizeT}${ssizeT}${vaList}${offT}${NULL}
#define EOF (-1)
#define BUFSIZ 8192
#define _IOFBF 0
#define _IOLBF 1
#define _IONBF 2
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
typedef struct _IO_FILE FILE;
typedef __gnuc_va_list va_list;
extern FILE *stdin, *stdout, *stderr;
#define stdin stdin
#define stdout stdout
#define stderr stderr
int printf(const char *format, ...); int fprintf(FILE *f, const char *format, ...); int sprintf(char *s, const char *format, ...);
int snprintf(char *s, size_t n, const char *format, ...); int dprintf(int fd, const char *format, ...); int asprintf(char **s, const char *format, ...);
int vprintf(const char *format, va_list ap); int vfprintf(FILE *f, const char *format, va_list ap); int vsprintf(char *s, const char *format, va_list ap);
int vsnprintf(char *s, size_t n, const char *format, va_list ap); int vdprintf(int fd, const char *format, va_list ap);
int puts(const char *s); int fputs(const char *s, FILE *f); int putchar(int c); int putc(int c, FILE *f); int fputc(int c, FILE *f);
size_t fwrite(const void *p, size_t size, size_t n, FILE *f); int fflush(FILE *f); void perror(const char *s);
int setvbuf(FILE *f, char *buf, int mode, size_t size); void setbuf(FILE *f, char *buf); void setlinebuf(FILE *f); int fileno(FILE *f); int ferror(FILE *f); int feof(FILE *f); void clearerr(FILE *f);
int fclose(FILE *f); FILE *fopen(const char *path, const char *mode); FILE *fdopen(int fd, const char *mode); size_t fread(void *p, size_t size, size_t n, FILE *f); char *fgets(char *s, int n, FILE *f);
int fgetc(FILE *f); int getc(FILE *f); int getchar(void); int ungetc(int c, FILE *f); ssize_t getline(char **line, size_t *n, FILE *f); ssize_t getdelim(char **line, size_t *n, int delimiter, FILE *f);
int fseek(FILE *f, long offset, int origin); long ftell(FILE *f); int fseeko(FILE *f, off_t offset, int origin); off_t ftello(FILE *f); void rewind(FILE *f); int remove(const char *path);
int scanf(const char *format, ...); int fscanf(FILE *f, const char *format, ...); int sscanf(const char *s, const char *format, ...);
int vscanf(const char *format, va_list ap); int vfscanf(FILE *f, const char *format, va_list ap); int vsscanf(const char *s, const char *format, va_list ap);
`;

const STDLIB = `${sizeT}${NULL}
#define EXIT_SUCCESS 0
#define EXIT_FAILURE 1
#define RAND_MAX 2147483647
typedef struct { int quot, rem; } div_t; typedef struct { long quot, rem; } ldiv_t;
void *malloc(size_t n); void *calloc(size_t n, size_t size); void *realloc(void *p, size_t n); void *reallocarray(void *p, size_t n, size_t size); void free(void *p);
int posix_memalign(void **p, size_t alignment, size_t n); void *aligned_alloc(size_t alignment, size_t n); void *valloc(size_t n);
void abort(void); void exit(int status); void _Exit(int status); int atexit(void (*f)(void));
int abs(int n); long labs(long n); long long llabs(long long n); div_t div(int a, int b); ldiv_t ldiv(long a, long b);
int atoi(const char *s); long atol(const char *s); long long atoll(const char *s); double atof(const char *s);
long strtol(const char *s, char **end, int base); unsigned long strtoul(const char *s, char **end, int base);
long long strtoll(const char *s, char **end, int base); unsigned long long strtoull(const char *s, char **end, int base); double strtod(const char *s, char **end);
int rand(void); void srand(unsigned seed); long random(void); void srandom(unsigned seed); int rand_r(unsigned *seed);
void qsort(void *base, size_t n, size_t size, int (*compare)(const void *, const void *));
void *bsearch(const void *key, const void *base, size_t n, size_t size, int (*compare)(const void *, const void *));
char *getenv(const char *name); int setenv(const char *name, const char *value, int overwrite);
#define alloca(n) __builtin_alloca(n)
`;

const DUPA = `#define strdupa(s) (__extension__ ({ const char *__old = (s); size_t __len = strlen(__old) + 1; char *__new = (char *)__builtin_alloca(__len); (char *)memcpy(__new, __old, __len); }))
#define strndupa(s, n) (__extension__ ({ const char *__old = (s); size_t __len = strnlen(__old, (n)); char *__new = (char *)__builtin_alloca(__len + 1); __new[__len] = '\\0'; (char *)memcpy(__new, __old, __len); }))
`;

const STRING = `${sizeT}${NULL}
void *memcpy(void *to, const void *from, size_t n); void *mempcpy(void *to, const void *from, size_t n); void *memmove(void *to, const void *from, size_t n); void *memset(void *p, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n); void *memchr(const void *p, int c, size_t n); void *memrchr(const void *p, int c, size_t n); void *rawmemchr(const void *p, int c);
void *memmem(const void *hay, size_t n, const void *needle, size_t m); void *memccpy(void *to, const void *from, int c, size_t n);
size_t strlen(const char *s); size_t strnlen(const char *s, size_t n); char *strcpy(char *to, const char *from); char *strncpy(char *to, const char *from, size_t n); char *stpcpy(char *to, const char *from);
char *strcat(char *to, const char *from); char *strncat(char *to, const char *from, size_t n); int strcmp(const char *a, const char *b); int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c); char *strchrnul(const char *s, int c); char *strrchr(const char *s, int c); char *strstr(const char *s, const char *t); char *strpbrk(const char *s, const char *set);
size_t strspn(const char *s, const char *set); size_t strcspn(const char *s, const char *set); char *strtok(char *s, const char *set); char *strtok_r(char *s, const char *set, char **save); char *strsep(char **s, const char *set);
char *strdup(const char *s); char *strndup(const char *s, size_t n); char *strerror(int n); char *strsignal(int n); void explicit_bzero(void *p, size_t n);
int strcasecmp(const char *a, const char *b); int strncasecmp(const char *a, const char *b, size_t n);
#define alloca(n) __builtin_alloca(n)
${DUPA}`;

const CTYPE = [
  'alpha',
  'digit',
  'alnum',
  'space',
  'upper',
  'lower',
  'punct',
  'print',
  'graph',
  'cntrl',
  'xdigit',
  'blank',
]
  .map((name) => `int is${name}(int c);`)
  .join(' ');

const MATH = [
  'sqrt',
  'sin',
  'cos',
  'tan',
  'exp',
  'log',
  'log2',
  'log10',
  'floor',
  'ceil',
  'fabs',
  'round',
  'trunc',
  'atan',
]
  .map((name) => `double ${name}(double x);`)
  .join(' ');

export const STANDARD_HEADERS: Readonly<Record<string, string>> = {
  'stddef.h': `${sizeT}${NULL}typedef long ptrdiff_t; typedef int wchar_t; typedef struct { long long __a __attribute__((aligned(16))); long long __b; } max_align_t;\n#define offsetof(t, m) __builtin_offsetof(t, m)\n`,
  'stdint.h': once('__stdint', STDINT),
  'inttypes.h': `${once('__stdint', STDINT)}${INTTYPES}\n`,
  'stdbool.h': '#define bool _Bool\n#define true 1\n#define false 0\n#define __bool_true_false_are_defined 1\n',
  'stdarg.h': `${vaList}typedef __gnuc_va_list va_list;\n#define va_start(ap, last) __builtin_va_start(ap, last)\n#define va_arg(ap, type) __builtin_va_arg(ap, type)\n#define va_end(ap) __builtin_va_end(ap)\n#define va_copy(to, from) __builtin_va_copy(to, from)\n`,
  'stdalign.h': '#define alignas _Alignas\n#define alignof _Alignof\n',
  'stdnoreturn.h': '#define noreturn _Noreturn\n',
  'limits.h': LIMITS,
  'float.h': FLOAT,
  'stdio.h': STDIO,
  'stdlib.h': STDLIB,
  'string.h': STRING,
  'strings.h': STRING,
  'ctype.h': `${CTYPE} int toupper(int c); int tolower(int c);\n`,
  'math.h': `${MATH} double pow(double x, double y); double fmod(double x, double y);\n#define INFINITY __builtin_inf()\n#define HUGE_VAL __builtin_inf()\n#define NAN __builtin_nan("")\n#define M_PI 3.14159265358979323846\n#define isnan(x) ((x) != (x))\n#define isinf(x) ((x) == __builtin_inf() || (x) == -__builtin_inf())\n`,
  'assert.h': `void __assert_fail(const char *text, const char *file, unsigned line, const char *function);
#undef assert
#ifdef NDEBUG
#define assert(e) ((void)0)
#else
#define assert(e) ((e) ? (void)0 : __assert_fail(#e, __FILE__, __LINE__, __func__))
#endif
#define static_assert _Static_assert
`,
  'time.h': `${sizeT}${timespec}${NULL}typedef long clock_t;\n#define CLOCKS_PER_SEC 1000000L\n#define CLOCK_REALTIME 0\n#define CLOCK_MONOTONIC 1\n#define CLOCK_PROCESS_CPUTIME_ID 2\ntime_t time(time_t *t); clock_t clock(void); int clock_gettime(int id, struct timespec *t); int nanosleep(const struct timespec *t, struct timespec *left);\n`,
  'setjmp.h':
    'typedef long jmp_buf[25]; typedef jmp_buf sigjmp_buf;\nint setjmp(jmp_buf env); int _setjmp(jmp_buf env); int sigsetjmp(sigjmp_buf env, int save); void longjmp(jmp_buf env, int value); void siglongjmp(sigjmp_buf env, int value);\n#define setjmp(env) setjmp(env)\n',
  'alloca.h': `${sizeT}#undef alloca\n#define alloca(n) __builtin_alloca(n)\n`,
};
