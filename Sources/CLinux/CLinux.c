#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int clinux_exchange(int directory, const char *left, const char *right) {
  return renameat2(directory, left, directory, right, RENAME_EXCHANGE);
}

int clinux_rename_new(int directory, const char *from, const char *to) {
  return renameat2(directory, from, directory, to, RENAME_NOREPLACE);
}

int clinux_synchronize(int descriptor) { return syncfs(descriptor); }
