#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int clinux_exchange(int directory, const char *left, const char *right) {
  return renameat2(directory, left, directory, right, RENAME_EXCHANGE);
}

int clinux_rename_new(int directory, const char *from, const char *to) {
  return renameat2(directory, from, directory, to, RENAME_NOREPLACE);
}

int clinux_synchronize(int descriptor) { return syncfs(descriptor); }

void clinux_prepare_heap(size_t bytes) {
  if (bytes > (size_t)1 << 30) bytes = (size_t)1 << 30;
  // Arrays live in the heap like all else, and the heap grows by this much when it first has to.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, (int)bytes);
  char *start = sbrk(0);
  // Volatile, since a compiler leaves out memory that nobody uses.
  void *volatile block = malloc(1 << 20);
  free(block);
  char *end = sbrk(0);
  uintptr_t page = 1 << 21;
  char *first = (char *)(((uintptr_t)start + page - 1) & ~(page - 1));
  if (start != (void *)-1 && first < end) madvise(first, (size_t)(end - first), MADV_HUGEPAGE);
  mallopt(M_TOP_PAD, 1 << 20);
}
