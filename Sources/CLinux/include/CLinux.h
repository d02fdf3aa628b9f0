#ifndef CLINUX_H
#define CLINUX_H

#include <stddef.h>

/// Calls of Linux that glibc shows only to programs of the GNU dialect, and so not to Swift. They return 0, or -1 and errno.

/// Exchanges two names of one directory in one instant.
int clinux_exchange(int directory, const char *left, const char *right);

/// Gives a file a name that must be free.
int clinux_rename_new(int directory, const char *from, const char *to);

/// Waits until everything that was written to the file system of an open file is on disk.
int clinux_synchronize(int descriptor);

/// Sets memory for so many bytes of small and large objects aside, without using it yet: in large pages where the kernel has them, and kept when
/// freed. A model of 80 MB otherwise costs 20,000 page faults, a tenth of the time that it takes to make.
void clinux_prepare_heap(size_t bytes);

#endif
