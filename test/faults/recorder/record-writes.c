/*
 * Preloaded into a program, writes down in one order what it does to the database files of a folder and what it sends
 * to sockets, so that a loss of power can be replayed at any moment of its life.
 *
 * AGOR_RECORD is the log to append to, AGOR_RECORD_DIR the folder. A record is a header of 24 bytes and its data:
 *   O open (data: path)   W write   T truncate (offset: length)   F flush   S sent to a socket
 *   R rename (data: from, a zero, to)   U unlink (data: path)
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define MAX_FDS 4096
#define REAL(name) ((__typeof__(&name))real(#name))

struct header {
  uint32_t kind, file;
  uint64_t offset;
  uint32_t length, unused;
};

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static const char *log_path, *folder;
static uint32_t files[MAX_FDS], next_file = 1;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void start(void) {
  log_path = getenv("AGOR_RECORD");
  folder = getenv("AGOR_RECORD_DIR");
}

/* With the first file that is kept and not before: a program may close what it seems to have inherited. */
static void open_log(void) {
  if (log_fd < 0) log_fd = syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  if (log_fd < 0) abort();
}

static void put(char kind, uint32_t file, uint64_t offset, const struct iovec *data, int count) {
  struct header header = {kind, file, offset, 0, 0};
  struct iovec all[64] = {{&header, sizeof header}};
  if (count > 63) abort();
  for (int i = 0; i < count; i++) {
    all[i + 1] = data[i];
    header.length += data[i].iov_len;
  }
  if (syscall(SYS_writev, log_fd, all, count + 1) != (long)(sizeof header + header.length)) abort();
}

static void put_bytes(char kind, uint32_t file, uint64_t offset, const void *bytes, size_t length) {
  struct iovec data = {(void *)bytes, length};
  put(kind, file, offset, &data, 1);
}

static int is_kept(const char *path) {
  if (!log_path || !folder || !path || strncmp(path, folder, strlen(folder))) return 0;
  const char *name = strrchr(path, '/');
  return name && strstr(name, ".db") && !strstr(name, "-shm");
}

static uint32_t file_of(int fd) { return log_fd >= 0 && fd >= 0 && fd < MAX_FDS ? files[fd] : 0; }

static int is_socket(int fd) {
  struct stat found;
  return log_fd >= 0 && fd != log_fd && fstat(fd, &found) == 0 && S_ISSOCK(found.st_mode);
}

static int opened(int fd, const char *path) {
  if (fd >= 0 && fd < MAX_FDS && is_kept(path)) {
    pthread_mutex_lock(&order);
    open_log();
    files[fd] = next_file++;
    put_bytes('O', files[fd], 0, path, strlen(path));
    pthread_mutex_unlock(&order);
  }
  return fd;
}

#define OPEN(name)                                                \
  int name(const char *path, int flags, ...) {                    \
    va_list rest;                                                 \
    va_start(rest, flags);                                        \
    mode_t mode = va_arg(rest, mode_t);                           \
    va_end(rest);                                                 \
    return opened(REAL(name)(path, flags, mode), path);           \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  if (file_of(fd)) files[fd] = 0;
  return REAL(close)(fd);
}

#define WRITE_AT(name, offset_type)                                             \
  ssize_t name(int fd, const void *bytes, size_t length, offset_type offset) {  \
    if (!file_of(fd)) return REAL(name)(fd, bytes, length, offset);             \
    pthread_mutex_lock(&order);                                                 \
    ssize_t written = REAL(name)(fd, bytes, length, offset);                    \
    if (written > 0) put_bytes('W', file_of(fd), offset, bytes, written);       \
    pthread_mutex_unlock(&order);                                               \
    return written;                                                             \
  }
WRITE_AT(pwrite, off_t)
WRITE_AT(pwrite64, off64_t)

/* What goes to a socket is written down before it is sent: from then on somebody may have read it. */
ssize_t write(int fd, const void *bytes, size_t length) {
  int sends = is_socket(fd);
  if (!sends && !file_of(fd)) return REAL(write)(fd, bytes, length);
  pthread_mutex_lock(&order);
  if (sends) put_bytes('S', fd, 0, bytes, length);
  ssize_t written = REAL(write)(fd, bytes, length);
  if (!sends && written > 0) put_bytes('W', file_of(fd), lseek(fd, 0, SEEK_CUR) - written, bytes, written);
  pthread_mutex_unlock(&order);
  return written;
}

ssize_t writev(int fd, const struct iovec *data, int count) {
  if (is_socket(fd)) {
    pthread_mutex_lock(&order);
    put('S', fd, 0, data, count);
    pthread_mutex_unlock(&order);
  }
  return REAL(writev)(fd, data, count);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  if (is_socket(fd)) {
    pthread_mutex_lock(&order);
    put('S', fd, 0, message->msg_iov, message->msg_iovlen);
    pthread_mutex_unlock(&order);
  }
  return REAL(sendmsg)(fd, message, flags);
}

#define ON_FILE(name, kind, parameters, arguments, length)        \
  int name parameters {                                           \
    if (!file_of(fd)) return REAL(name) arguments;                \
    pthread_mutex_lock(&order);                                   \
    int result = REAL(name) arguments;                            \
    if (result == 0) put(kind, file_of(fd), length, NULL, 0);     \
    pthread_mutex_unlock(&order);                                 \
    return result;                                                \
  }
ON_FILE(ftruncate, 'T', (int fd, off_t length), (fd, length), length)
ON_FILE(ftruncate64, 'T', (int fd, off64_t length), (fd, length), length)
ON_FILE(fsync, 'F', (int fd), (fd), 0)
ON_FILE(fdatasync, 'F', (int fd), (fd), 0)

int unlink(const char *path) {
  pthread_mutex_lock(&order);
  int result = REAL(unlink)(path);
  if (result == 0 && is_kept(path)) put_bytes('U', 0, 0, path, strlen(path));
  pthread_mutex_unlock(&order);
  return result;
}

int rename(const char *from, const char *to) {
  pthread_mutex_lock(&order);
  int result = REAL(rename)(from, to);
  if (result == 0 && is_kept(to)) {
    struct iovec names[2] = {{(void *)from, strlen(from) + 1}, {(void *)to, strlen(to)}};
    put('R', 0, 0, names, 2);
  }
  pthread_mutex_unlock(&order);
  return result;
}
