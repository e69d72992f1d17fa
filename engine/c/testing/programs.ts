/** Programs that put numbers out, one feature of the language each. */
export const PROGRAMS: Readonly<Record<string, string>> = {
  'structs by value, nested and returned': `
    struct in { char a; double d; }; struct out { struct in x[2]; short s; union { int i; float f; } u; };
    struct out make(int n) { struct out o = { { {n, n * 1.5}, {n + 1, n * 2.5} }, .s = n * 3, .u.f = 1.0f }; return o; }
    double use(struct out o, struct in *p) { *p = o.x[1]; return o.x[0].d + o.x[1].d + o.u.i; }
    int main(void) { struct in got; outd(use(make(4), &got)); out(got.a); outd(got.d); struct out a = make(1), b; b = a; b.x[0].a = 9; out(a.x[0].a); out(b.x[0].a); out(make(7).s); out(sizeof a); return 0; }`,
  'initialisers of every form': `
    struct p { int x, y; }; struct l { struct p a[3]; char name[8]; int tail; };
    static int g[] = { [5] = 1, 2, [1] = 7 }; const char *w[] = { "one", "two" }; struct p *gp = &(struct p){ 8, 9 };
    static struct l gl = { { {1, 2}, [2] = {.y = 5} }, "abc", .tail = 6 }; int m[2][3] = { 1, 2, 3, 4 }; int (*fp)(int); int *q = &m[1][1];
    union u { int i; char c[8]; } gu = { .c = "xyz" };
    int main(void) { for (int i = 0; i < sizeof g / sizeof *g; i++) out(g[i]); out(w[1][1]); out(gp->y); out(gl.a[2].y); out(gl.name[2]); out(gl.tail); out(*q); out(gu.i);
      struct l v = { .a[1].x = 3, .name = "hi", 4 }; out(v.a[1].x); out(v.name[1]); out(v.name[7]); out(v.tail); int z[4] = { 1 }; out(z[3]); char s[] = "text"; out(sizeof s);
      struct p c[] = { 1, 2, 3, 4 }; out(sizeof c); out(c[1].x); int n = 5; struct p d = { n++, n++ }; out(d.x); out(d.y); out(((struct p){ .y = 4 }).y); return 0; }`,
  'pointers, arrays of arrays, functions': `
    int add(int a, int b) { return a + b; } int sub(int a, int b) { return a - b; } typedef int (*op)(int, int);
    int apply(op f, int a, int b) { return f(a, b); } op pick(int n) { return n ? add : sub; } int (*table[2])(int, int) = { add, sub };
    int sum(int n, int m[][3]) { int s = 0; for (int i = 0; i < n; i++) for (int j = 0; j < 3; j++) s += m[i][j]; return s; }
    int main(void) { out(apply(add, 3, 4)); out(pick(0)(9, 2)); out(table[1](1, 5)); out((*table[0])(1, 5)); int m[2][3] = { {1, 2, 3}, {4, 5, 6} }; out(sum(2, m)); int (*row)[3] = m; row++; out((*row)[1]); out(sizeof *row);
      int *p = &m[0][0], *e = p + 6; out(e - p); out(p < e); out(p[4]); out(2[p]); char *c = (char *)p; out(c[4]); void *v = p; out(*(int *)(v + 8)); int **pp = &p; **pp = 42; out(m[0][0]); out(&m[1] - &m[0]); out((long)&m[1][0] - (long)m); return 0; }`,
  'control flow': `
    int f(int n) { int r = 0; again: if (n > 0) { r += n--; goto again; } return r; }
    int main(void) { out(f(10)); for (int i = 0; i < 10; i++) { if (i == 2) continue; if (i == 5) break; out(i); } int i = 0; do { out(i); } while (++i < 3); while (i--) out(i); 
      switch (7) { case 1 ... 5: out(1); break; case 6 ... 9: out(2); default: out(3); } for (int n = 3; n--;) switch (n) { case 2: continue; case 1: out(100); break; default: out(200); }
      int n = 10; switch (n % 4) { case 0: do { out(n); case 3: n--; case 2: n--; case 1: n--; } while (n > 0); } out(n); return 0; }`,
  'arrays of variable length': `
    int total(int n, int k, int m[n][k]) { int s = 0; for (int i = 0; i < n; i++) for (int j = 0; j < k; j++) s += m[i][j]; return s; }
    int main(void) { long prev = 0; for (int i = 1; i < 4; i++) { int v[i * 4]; v[i] = i; out(sizeof v); out(v[i]); if (i == 2) continue; out(prev == 0 || prev - (long)v < 64); prev = (long)v; }
      int n = 2, k = 3; int m[n][k]; for (int i = 0; i < n; i++) for (int j = 0; j < k; j++) m[i][j] = i * 10 + j; out(total(n, k, m)); out(sizeof m); out(sizeof m[0]); int (*p)[k] = m; out((*(p + 1))[2]); out(sizeof(int[n + 5])); return 0; }`,
  'integers at their limits': `
    int main(void) { unsigned u = 0; u--; out(u); int i = 2147483647; i++; out(i); unsigned char c = 255; c++; out(c); signed char s = 127; s++; out(s); short h = 40000; out(h); out((unsigned)-1 > 0); out(-1 < 0u); out(-1L < 0u);
      long l = 1L << 62; out(l * 4); out(-5 >> 1); out(-5u >> 1); out((char)200); out(0xffffffff); out(1 ? -1 : 0u); out(~0ul / 3); out(-7l / 2); out(-7l % 2); unsigned long big = 0xfedcba9876543210; out(big >> 4); out(big / 10); out(big % 1000); out((long)big >> 60); out(big * big);
      outd(big); outd((float)big); outd((double)(long)big); outd(16777217); outd((float)16777217); out((long)1e18); out((int)-3.99); out((unsigned)3e9); out((unsigned long)1.8e19); out((_Bool)0.5); out((_Bool)256); out((unsigned char)-1.0); outd(1 / 3.0f); outd(0.1f + 0.2f); out(0.1 + 0.2 == 0.3); return 0; }`,
  'bit-fields': `
    struct b { unsigned a : 1; int b : 4; unsigned long c : 33; _Bool d : 1; signed char e : 3; } g = { 1, -8, 1UL << 32, 1, -4 };
    int main(void) { out(g.a); out(g.b); out(g.c); out(g.d); out(g.e); g.b = 7; g.b++; out(g.b); out(g.a = 2); out(g.e = 5); out(g.c += 5); out(g.a - 2 < 0); g.d = 6; out(g.d); out(sizeof g); struct b *p = &g; p->b -= 3; out(p->b--); out(p->b); return 0; }`,
  macros: `
    #define MAX(a, b) ((a) > (b) ? (a) : (b))
    #define STR(x) #x
    #define XSTR(x) STR(x)
    #define CAT(a, b) a##b
    #define N 4
    #define LOG(f, ...) f(0, ## __VA_ARGS__)
    #if N * 2 == 8 && defined(MAX) && !defined(NOPE)
    int sel(int a, int b) { return MAX(a, b); }
    #elif 1
    #error no
    #else
    #error no
    #endif
    #define EMPTY
    #define f(x) (x + 1)
    int g(int n, ...) { return n; }
    int main(void) { out(sel(3, 9)); out(sizeof XSTR(N + 1)); out(CAT(1, 2) EMPTY); out(f(f(2))); out(LOG(g)); out(LOG(g, 1, 2)); const char *s = STR("a\\n"); out(s[2]); out(__LINE__ > 0); 
    #undef f
    int f = 3; out(f); return 0; }`,
  'enums, typedefs, scope': `
    typedef unsigned char byte; typedef struct node { struct node *next; byte v; } node; enum color { RED, GREEN = 5, BLUE }; enum { NEG = -1, BIG = 3 };
    int x = 1; static int count(void) { static int n = 10; return n++; }
    int main(void) { node a = { 0, 300 - 45 }, b = { &a, 2 }; out(b.next->v); out(BLUE); enum color c = GREEN; out(c - 6 < 0); out(sizeof c); out(NEG < 0); int x = 2; { int x = 3; out(x); { extern int x; out(x); } } out(x); out(count() + count()); out(count()); typedef int byte2; { byte2 byte = 4; out(byte); } out(sizeof(node)); out(_Alignof(node)); out(sizeof(enum color) + sizeof BLUE); return 0; }`,
};

/** Where the standard leaves the order open, or undefined, gcc -O0 has its own; textbooks show it. */
export const ORDER_PROGRAM = `
int g = 1; int a[8]; int log_(int n) { out(n); return n; } int *pa(int n) { out(n); return a + n; }
int three(int x, int y, int z) { out(x * 100 + y * 10 + z); return 0; }
int setg(int n) { g = n; return n; }
int fill(void) { for (int i = 0; i < 8; i++) a[i] = i; return 0; }
struct s { int m; } st[4]; struct s *ps(int n) { out(n); return st + n; }
int main(void) {
  int i = 5, j; three(log_(1), log_(2), log_(3)); three(i++, i++, i++); three(i, i++, i); i = 5; three(i++, i, ++i); g = 1; three(g++, g, g++);
  out(i++ + i); i = 5; out(i + i++); i = 5; out(i++ + i++); i = 5; out(++i + ++i); i = 5; out(i++ * 2 + i); g = 5; out(g + g++); g = 5; out(g++ + g); g = 5; out(g + setg(7)); g = 5; out(setg(7) + g);
  i = 1; i = i++ + 1; out(i); i = 1; i += i++; out(i); g = 1; g += setg(5); out(g); i = 2; i = (i++, i * 10); out(i); i = 1; a[i] = i++; out(a[1]); out(a[2]); fill(); i = 1; a[i++] = i; out(a[1]); fill(); g = 1; a[g] = g++; out(a[1]); out(a[2]); fill();
  *pa(1) = log_(20); *pa(2) += log_(21); out(a[2]); ps(1)->m = log_(3); j = log_(1) + log_(2) * log_(3); out(j); fill(); i = 0; int *p = a; *p++ = *p + 10; out(a[0]); out(p - a); fill(); p = a; i = *p++ + *p++ * 10; out(i); fill(); i = 2; a[i] += i++; out(a[2]); out(a[3]); fill(); i = 2; a[++i] -= i; out(a[3]);
  i = 3; i = i-- - --i; out(i); i = 3; j = i + (i = log_(10)); out(j); i = 3; j = (i = log_(10)) + i; out(j); char c = 3; j = c + (c = log_(10)); out(j); i = 1; j = i << i++; out(j); i = 7; out(i++ < i); i = 7; out(i < i++); i = 7; out(i == i++); i = 4; j = -i + i++; out(j); double d = 2; d = d + (d = log_(5)); outd(d); int n = 3, *q = &n; j = n + (*q = log_(8)); out(j); n = 3; j = *q + (n = log_(8)); out(j); n = 3; j = n - n++; out(j); n = 3; j = n + n++; out(j); j = i - i++; out(j);
  i = 0; int b[3] = { i++, i++, i++ }; out(b[0] * 100 + b[1] * 10 + b[2]); return 0; }`;
