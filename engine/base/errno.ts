/** Error numbers of the simulated system calls. Source: Linux include/uapi/asm-generic/errno-base.h. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EIO: 5,
  ENOEXEC: 8,
  ECHILD: 10,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  EFBIG: 27,
  ENOSYS: 38,
  EOVERFLOW: 75,
} as const;

export type Errno = keyof typeof ERRNO;

/** What a system call returns: 0 or a value, or the name of its error. Never an exception. */
export type SysResult<T = 0> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errno: Errno };

export const ok = <T>(value: T): SysResult<T> => ({ ok: true, value });
export const fail = (errno: Errno): { readonly ok: false; readonly errno: Errno } => ({ ok: false, errno });
export const DONE: SysResult = { ok: true, value: 0 };
