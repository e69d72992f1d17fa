/** Programs with one mistake each: what the lab has to find and where, and who else finds it. */
export interface FaultyProgram {
  readonly text: string;
  readonly kind: string;
  readonly line: number;
  /** Of the cause, as the finding's words name it; absent: none. */
  readonly cause?: number;
  /** A line of valgrind's report (memcheck), null where it sees nothing. */
  readonly valgrind: string | null;
  /** A line of gcc's -fsanitize=address,undefined, null where it sees nothing. */
  readonly sanitizers: string | null;
}

const HEADERS = '#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n';

export const FAULTY_PROGRAMS: Readonly<Record<string, FaultyProgram>> = {
  'a local variable that nobody set decides': {
    text: `${HEADERS}int main(void) {\n  int x;\n  if (x > 3) puts("more");\n  return 0;\n}\n`,
    kind: 'uninitialised', line: 6, cause: 5,
    valgrind: 'Conditional jump or move depends on uninitialised value', sanitizers: null,
  },
  'a byte of a block that nobody set decides': {
    text: `${HEADERS}int main(void) {\n  char *b = malloc(8);\n  b[0] = 1;\n  if (b[5] == 'x') puts("x");\n  free(b);\n  return 0;\n}\n`,
    kind: 'uninitialised', line: 7, cause: 5,
    valgrind: 'Conditional jump or move depends on uninitialised value', sanitizers: null,
  },
  'the bytes that realloc added': {
    text: `${HEADERS}int main(void) {\n  int *a = calloc(4, sizeof *a);\n  a = realloc(a, 8 * sizeof *a);\n  if (a[3] == 0 && a[6] == 1) puts("one");\n  free(a);\n  return 0;\n}\n`,
    kind: 'uninitialised', line: 7, cause: 6,
    valgrind: 'Conditional jump or move depends on uninitialised value', sanitizers: null,
  },
  'a text without its end is printed': {
    text: `${HEADERS}int main(void) {\n  char b[16];\n  memcpy(b, "abc", 3);\n  printf("%d\\n", strlen(b) > 3);\n  return 0;\n}\n`,
    kind: 'uninitialised', line: 7, cause: 5,
    valgrind: 'Conditional jump or move depends on uninitialised value', sanitizers: null,
  },
  'a block is read after it was freed': {
    text: `${HEADERS}int main(void) {\n  int *p = malloc(40);\n  p[2] = 7;\n  free(p);\n  printf("%d\\n", p[2] > 7);\n  return 0;\n}\n`,
    kind: 'use-after-free', line: 8, cause: 7,
    valgrind: 'Invalid read of size 4', sanitizers: 'heap-use-after-free',
  },
  'a block is written after realloc moved it': {
    text: `${HEADERS}int main(void) {\n  char *p = malloc(24), *q = malloc(24);\n  char *r = realloc(p, 2000);\n  p[3] = 1;\n  free(q);\n  free(r);\n  return 0;\n}\n`,
    kind: 'use-after-free', line: 7, cause: 6,
    valgrind: 'Invalid write of size 1', sanitizers: 'heap-use-after-free',
  },
  'a copy out of a freed block': {
    text: `${HEADERS}int main(void) {\n  char *p = malloc(64), b[64];\n  memset(p, 1, 64);\n  free(p);\n  memcpy(b, p, 64);\n  return b[40] - 1;\n}\n`,
    kind: 'use-after-free', line: 8, cause: 7,
    valgrind: 'Invalid read of size', sanitizers: 'heap-use-after-free',
  },
  'a byte behind a block': {
    text: `${HEADERS}int main(void) {\n  char *p = malloc(10);\n  p[10] = 0;\n  free(p);\n  return 0;\n}\n`,
    kind: 'out-of-bounds', line: 6, cause: 5,
    valgrind: 'Invalid write of size 1', sanitizers: 'heap-buffer-overflow',
  },
  'a byte in front of a block': {
    text: `${HEADERS}int main(void) {\n  char *p = malloc(10);\n  p[0] = p[-1];\n  free(p);\n  return 0;\n}\n`,
    kind: 'out-of-bounds', line: 6, cause: 5,
    valgrind: 'Invalid read of size 1', sanitizers: 'heap-buffer-overflow',
  },
  'a text is longer than its block': {
    text: `${HEADERS}int main(void) {\n  char *p = malloc(4);\n  strcpy(p, "four");\n  free(p);\n  return 0;\n}\n`,
    kind: 'out-of-bounds', line: 6, cause: 5,
    valgrind: 'Invalid write of size', sanitizers: 'heap-buffer-overflow',
  },
  'an index beyond an array of the stack': {
    text: `${HEADERS}int at(int i) {\n  int a[4] = { 1, 2, 3, 4 };\n  return a[i];\n}\nint main(void) {\n  return at(4) == 77;\n}\n`,
    kind: 'out-of-bounds', line: 6,
    valgrind: null, sanitizers: 'index 4 out of bounds for type',
  },
  'an index beyond an array of the program': {
    text: `${HEADERS}int a[4], b[4];\nint main(int n, char **v) {\n  a[n + 4] = 1;\n  return b[1];\n}\n`,
    kind: 'out-of-bounds', line: 6,
    valgrind: null, sanitizers: 'index 5 out of bounds for type',
  },
  'a text is longer than its variable': {
    text: `${HEADERS}int main(void) {\n  char b[8];\n  strcpy(b, "12345678");\n  return b[0] == 'x';\n}\n`,
    kind: 'out-of-bounds', line: 6, cause: 5,
    valgrind: null, sanitizers: 'stack-buffer-overflow',
  },
  'a variable of a function that has returned': {
    text: `${HEADERS}int *give(void) { int local = 5; int *p = &local; return p; }\nint main(void) {\n  int *p = give();\n  return *p == 6;\n}\n`,
    kind: 'dead-frame', line: 7,
    valgrind: null, sanitizers: 'stack-use-after-(return|scope)',
  },
  'a child uses what it has freed': {
    text: `${HEADERS}#include <unistd.h>\n#include <sys/wait.h>\nint main(void) {\n  char *p = malloc(40);\n  p[20] = 1;\n  if (fork() == 0) {\n    free(p);\n    _exit(p[20]);\n  }\n  wait(NULL);\n  free(p);\n  return 0;\n}\n`,
    kind: 'use-after-free', line: 11, cause: 10,
    valgrind: 'Invalid read of size 1', sanitizers: 'heap-use-after-free',
  },
  'a copy onto itself': {
    text: `${HEADERS}int main(void) {\n  char *b = calloc(1, 32);\n  memcpy(b + 4, b, 8);\n  free(b);\n  return 0;\n}\n`,
    kind: 'overlap', line: 6,
    valgrind: null, sanitizers: 'memcpy-param-overlap',
  },
  'a comparison of padding': {
    text: `${HEADERS}struct s { char c; int n; };\nint main(void) {\n  struct s *a = malloc(sizeof *a), b;\n  memset(&b, 0, sizeof b);\n  a->c = 0; a->n = 0;\n  int differ = memcmp(a, &b, sizeof b);\n  free(a);\n  return differ == 77;\n}\n`,
    kind: 'padding', line: 9, cause: 6,
    valgrind: 'Conditional jump or move depends on uninitialised value', sanitizers: null,
  },
  'a float is read as an int': {
    text: `${HEADERS}int main(void) {\n  float f = 1.0f;\n  int bits = *(int *)&f;\n  return bits == 77;\n}\n`,
    kind: 'aliasing', line: 6, cause: 5, valgrind: null, sanitizers: null,
  },
  'a block changes its type between a store and a load': {
    text: `${HEADERS}int main(void) {\n  void *p = malloc(8);\n  *(double *)p = 1.0;\n  long bits = *(long *)p;\n  free(p);\n  return bits == 77;\n}\n`,
    kind: 'aliasing', line: 7, cause: 6, valgrind: null, sanitizers: null,
  },
  'an int at an odd address': {
    text: `${HEADERS}int main(void) {\n  char *b = calloc(1, 16);\n  int *p = (int *)(b + 1);\n  int n = *p;\n  free(b);\n  return n;\n}\n`,
    kind: 'misaligned', line: 7, valgrind: null, sanitizers: 'load of misaligned address',
  },
  'a block is freed twice': {
    text: `${HEADERS}int main(void) {\n  char *p = malloc(24), *q = malloc(24);\n  free(p);\n  free(q);\n  free(p);\n  return 0;\n}\n`,
    kind: 'double-free', line: 8, cause: 6,
    valgrind: 'Invalid free\\(\\)', sanitizers: 'attempting double-free',
  },
  'the middle of a block is freed': {
    text: `${HEADERS}int main(void) {\n  char *p = malloc(64);\n  free(p + 16);\n  return 0;\n}\n`,
    kind: 'invalid-free', line: 6, cause: 5,
    valgrind: 'Invalid free\\(\\)', sanitizers: 'attempting free on address which was not malloc',
  },
  'a variable is freed': {
    text: `${HEADERS}int main(void) {\n  int x[8] = { 0 };\n  free(x);\n  return 0;\n}\n`,
    kind: 'invalid-free', line: 6,
    valgrind: 'Invalid free\\(\\)', sanitizers: 'attempting free on address which was not malloc',
  },
  'a block is lost': {
    text: `${HEADERS}void lose(void) { char *p = malloc(100); p[0] = 1; }\nint main(void) {\n  lose();\n  return 0;\n}\n`,
    kind: 'leak', line: 4, cause: 4,
    valgrind: '100 bytes in 1 blocks are definitely lost', sanitizers: 'Direct leak of 100 byte',
  },
}; // prettier-ignore

/** Programs that look wrong and are not. */
export const SOUND_PROGRAMS: Readonly<Record<string, string>> = {
  'bytes of any object through char': `${HEADERS}int main(void) {\n  double d = 1.5;\n  unsigned char *p = (unsigned char *)&d;\n  int sum = 0;\n  for (unsigned i = 0; i < sizeof d; i++) sum += p[i];\n  return sum == 0;\n}\n`,
  'bits through a union': `${HEADERS}union u { float f; unsigned n; };\nint main(void) {\n  union u u;\n  u.f = 1.0f;\n  return u.n == 0;\n}\n`,
  'bits through memcpy': `${HEADERS}int main(void) {\n  float f = 1.0f;\n  int n;\n  memcpy(&n, &f, sizeof n);\n  return n == 0;\n}\n`,
  'a struct with padding is assigned, returned and passed': `${HEADERS}struct s { char c; long n; };\nstruct s make(void) { struct s s; s.c = 1; s.n = 2; return s; }\nlong sum(struct s s) { return s.c + s.n; }\nint main(void) {\n  struct s a = make(), b;\n  b = a;\n  return sum(b) != 3 || make().n != 2;\n}\n`,
  'structs with cleared padding are compared': `${HEADERS}struct s { char c; int n; };\nint main(void) {\n  struct s a, b;\n  memset(&a, 0, sizeof a);\n  memset(&b, 0, sizeof b);\n  a.c = b.c = 3;\n  return memcmp(&a, &b, sizeof a);\n}\n`,
  'bit-fields of one unit are set one after the other': `${HEADERS}struct s { unsigned a : 3, b : 9, c : 20; };\nint main(void) {\n  struct s s;\n  s.a = 1; s.b = 2; s.c = 3;\n  return s.a + s.b + s.c != 6;\n}\n`,
  'the pointer behind the last element': `${HEADERS}int a[5];\nint main(void) {\n  int sum = 0;\n  for (int *p = a; p < &a[5]; p++) sum += *p;\n  int *end = a + 5;\n  return sum + (int)(end - a) - 5;\n}\n`,
  'a block comes back as something else': `${HEADERS}int main(void) {\n  double *d = malloc(8);\n  *d = 1;\n  free(d);\n  long *l = malloc(8);\n  *l = 2;\n  long n = *l;\n  free(l);\n  return n != 2;\n}\n`,
  'memmove between ranges that overlap': `${HEADERS}int main(void) {\n  char b[32] = "overlapping";\n  memmove(b + 2, b, 12);\n  return b[2] != 'o';\n}\n`,
  'a flexible array member': `${HEADERS}struct s { int n; char text[]; };\nint main(void) {\n  struct s *s = malloc(sizeof *s + 6);\n  s->n = 6;\n  strcpy(s->text, "hello");\n  int last = s->text[s->n - 1];\n  free(s);\n  return last;\n}\n`,
  'a list is freed from its head': `${HEADERS}struct node { struct node *next; int n; };\nint main(void) {\n  struct node *head = NULL;\n  for (int i = 0; i < 20; i++) { struct node *n = malloc(sizeof *n); n->next = head; n->n = i; head = n; }\n  while (head) { struct node *next = head->next; free(head); head = next; }\n  return 0;\n}\n`,
  'alloca and arrays of variable length in a loop': `${HEADERS}#include <alloca.h>\nint main(void) {\n  int sum = 0;\n  for (int n = 1; n < 20; n++) { int v[n]; for (int i = 0; i < n; i++) v[i] = i; char *a = alloca(n); memset(a, 1, n); sum += v[n - 1] + a[n - 1]; }\n  return sum != 190;\n}\n`,
  'jumps out of deep calls and back': `${HEADERS}#include <setjmp.h>\nstatic jmp_buf env;\nstatic void deep(int n) { char pad[100]; memset(pad, n, 100); if (n == 0) longjmp(env, pad[5] + 1); deep(n - 1); }\nint main(void) {\n  int r = setjmp(env);\n  if (r == 0) deep(5);\n  return r != 1;\n}\n`,
  'a handler with its own frame': `${HEADERS}#include <signal.h>\nstatic volatile int seen;\nstatic void on(int sig, siginfo_t *info, void *context) { seen = info->si_signo + (context != 0); }\nint main(void) {\n  struct sigaction a;\n  memset(&a, 0, sizeof a);\n  a.sa_sigaction = on;\n  a.sa_flags = SA_SIGINFO;\n  sigaction(SIGUSR1, &a, NULL);\n  raise(SIGUSR1);\n  return seen != SIGUSR1 + 1;\n}\n`,
  'memory of mmap and of the break is zero': `${HEADERS}#include <unistd.h>\n#include <sys/mman.h>\nint main(void) {\n  char *m = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);\n  char *b = sbrk(4096);\n  if (m[5000] || b[100]) puts("never");\n  return munmap(m, 8192);\n}\n`,
  'a child and its parent each have their own': `${HEADERS}#include <unistd.h>\n#include <sys/wait.h>\nint main(void) {\n  int *p = malloc(40);\n  p[0] = 1;\n  if (fork() == 0) { p[1] = 2; int sum = p[0] + p[1]; free(p); _exit(sum); }\n  int status;\n  wait(&status);\n  int n = WEXITSTATUS(status) + p[0];\n  free(p);\n  return n != 4;\n}\n`,
  'sorting, text and numbers of the library': `${HEADERS}static int up(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }\nint main(void) {\n  int v[] = { 5, 3, 9, 1 };\n  qsort(v, 4, sizeof *v, up);\n  char b[40], *end;\n  snprintf(b, sizeof b, "%d-%s-%5.2f", v[0], "x", 2.5);\n  long n = strtol("42x", &end, 10);\n  char *copy = strdup(b);\n  int ok = strcmp(copy, b) == 0 && n == 42 && *end == 'x' && sscanf("7 8", "%d %d", &v[0], &v[1]) == 2;\n  free(copy);\n  printf("%s %d\\n", b, v[0]);\n  return !ok;\n}\n`,
};
