// Unix stream sockets with descriptors as ancillary data (SCM_RIGHTS).
#include "common.h"
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { MAX_FDS = 28 };

static bool unix_address(napi_env env, napi_value value, struct sockaddr_un *address, socklen_t *length) {
  char path[sizeof address->sun_path + 1];
  to_text(env, value, path, sizeof path);
  size_t size = strlen(path);
  if (size == 0 || size >= sizeof address->sun_path) {
    errno = size == 0 ? EINVAL : ENAMETOOLONG;
    return false;
  }
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path, path, size);
  bool is_abstract = path[0] == '@';
  if (is_abstract) address->sun_path[0] = 0;
  *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size + (is_abstract ? 0 : 1));
  return true;
}

// Closes and keeps errno.
static napi_value give_up(napi_env env, int fd) {
  int error = errno;
  close(fd);
  errno = error;
  return from_result(env, -1);
}

static FUNCTION(listen_unix) {
  ARGUMENTS(2);
  struct sockaddr_un address;
  socklen_t length;
  if (!unix_address(env, args[0], &address, &length)) return from_result(env, -1);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return from_result(env, -1);
  // The mode must be right from the first moment. fchmod of an unbound socket decides the mode of the path that bind creates,
  // umask apart, and unlike umask touches no other thread.
  if (fchmod(fd, 0600) != 0) return give_up(env, fd);
  if (bind(fd, (struct sockaddr *)&address, length) != 0) return give_up(env, fd);
  if (listen(fd, to_i32(env, args[1])) != 0) {
    int error = errno;
    unlink(address.sun_path);
    errno = error;
    return give_up(env, fd);
  }
  return from_i32(env, fd);
}

static FUNCTION(connect_unix) {
  ARGUMENTS(1);
  struct sockaddr_un address;
  socklen_t length;
  if (!unix_address(env, args[0], &address, &length)) return from_result(env, -1);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return from_result(env, -1);
  int result;
  do result = connect(fd, (struct sockaddr *)&address, length);
  while (result != 0 && errno == EINTR);
  if (result != 0) return give_up(env, fd);
  return from_i32(env, fd);
}

static FUNCTION(accept_unix) {
  ARGUMENTS(1);
  int fd;
  do fd = accept4(to_i32(env, args[0]), NULL, NULL, SOCK_CLOEXEC);
  while (fd < 0 && errno == EINTR);
  return from_result(env, fd);
}

static FUNCTION(socket_pair) {
  (void)info;
  int fds[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0) return from_result(env, -1);
  napi_value pair;
  napi_create_array_with_length(env, 2, &pair);
  napi_set_element(env, pair, 0, from_i32(env, fds[0]));
  napi_set_element(env, pair, 1, from_i32(env, fds[1]));
  return pair;
}

static FUNCTION(peer_credentials) {
  ARGUMENTS(2);
  View out = to_view(env, args[1]);
  struct ucred credentials;
  socklen_t length = sizeof credentials;
  if (out.length < 12) {
    errno = EINVAL;
    return from_result(env, -1);
  }
  if (getsockopt(to_i32(env, args[0]), SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return from_result(env, -1);
  int32_t values[3] = {credentials.pid, (int32_t)credentials.uid, (int32_t)credentials.gid};
  memcpy(out.bytes, values, sizeof values);
  return from_i32(env, 0);
}

// What the kernel keeps of what was sent and not read, up to the system's limit (net.core.wmem_max).
static FUNCTION(set_send_buffer) {
  ARGUMENTS(2);
  int32_t size = to_i32(env, args[1]);
  return from_result(env, setsockopt(to_i32(env, args[0]), SOL_SOCKET, SO_SNDBUF, &size, sizeof size));
}

static FUNCTION(read_into) {
  ARGUMENTS(4);
  View part;
  if (!to_part(env, args[1], args[2], args[3], &part)) return NULL;
  ssize_t result;
  do result = read(to_i32(env, args[0]), part.bytes, part.length);
  while (result < 0 && errno == EINTR);
  return from_result(env, (double)result);
}

static FUNCTION(read_exact) {
  ARGUMENTS(4);
  View part;
  if (!to_part(env, args[1], args[2], args[3], &part)) return NULL;
  int fd = to_i32(env, args[0]);
  size_t done = 0;
  while (done < part.length) {
    ssize_t result = read(fd, part.bytes + done, part.length - done);
    if (result == 0) break;
    if (result < 0 && errno != EINTR) return from_result(env, -1);
    if (result > 0) done += (size_t)result;
  }
  return from_double(env, (double)done);
}

// send(2) where it can be had (no SIGPIPE), write(2) on what is no socket.
static ssize_t send_some(int fd, const uint8_t *bytes, size_t length) {
  ssize_t result = send(fd, bytes, length, MSG_NOSIGNAL);
  if (result < 0 && errno == ENOTSOCK) result = write(fd, bytes, length);
  return result;
}

// After a failed call: true when it is worth another try. Waits when a non-blocking descriptor is full.
static bool may_retry(int fd) {
  if (errno == EINTR) return true;
  if (errno != EAGAIN) return false;
  struct pollfd entry = {fd, POLLOUT, 0};
  return poll(&entry, 1, -1) >= 0 || errno == EINTR;
}

static bool send_all(int fd, const uint8_t *bytes, size_t length) {
  size_t done = 0;
  while (done < length) {
    ssize_t result = send_some(fd, bytes + done, length - done);
    if (result < 0 && !may_retry(fd)) return false;
    if (result > 0) done += (size_t)result;
  }
  return true;
}

static FUNCTION(write_from) {
  ARGUMENTS(4);
  View part;
  if (!to_part(env, args[1], args[2], args[3], &part)) return NULL;
  if (!send_all(to_i32(env, args[0]), part.bytes, part.length)) return from_result(env, -1);
  return from_double(env, (double)part.length);
}

// One sendmsg(2) of `part` with descriptors; errno as it leaves it.
static ssize_t send_with_fds(int fd, View part, View fds, int flags) {
  union {
    char bytes[CMSG_SPACE(MAX_FDS * sizeof(int))];
    struct cmsghdr align;
  } control = {0};
  struct iovec io = {part.bytes, part.length};
  struct msghdr message = {.msg_iov = &io, .msg_iovlen = 1};
  if (fds.length > 0) {
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(fds.length);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(fds.length);
    memcpy(CMSG_DATA(header), fds.bytes, fds.length);
  }
  return sendmsg(fd, &message, MSG_NOSIGNAL | flags);
}

// Whether a message can be made of these: at least one byte, not too many descriptors. Sets errno.
static bool is_message(View part, View fds) {
  errno = EINVAL;
  return part.length > 0 && fds.length <= MAX_FDS * sizeof(int);
}

static FUNCTION(send_fds) {
  ARGUMENTS(5);
  View part;
  if (!to_part(env, args[1], args[2], args[3], &part)) return NULL;
  View fds = to_view(env, args[4]);
  if (!is_message(part, fds)) return from_result(env, -1);
  int fd = to_i32(env, args[0]);
  ssize_t sent;
  do sent = send_with_fds(fd, part, fds, 0);
  while (sent < 0 && may_retry(fd));
  if (sent < 0) return from_result(env, -1);
  if (!send_all(fd, part.bytes + sent, part.length - (size_t)sent)) return from_result(env, -1);
  return from_double(env, (double)part.length);
}

// What goes at once, without waiting: -EAGAIN when nothing does.
static FUNCTION(send_now) {
  ARGUMENTS(5);
  View part;
  if (!to_part(env, args[1], args[2], args[3], &part)) return NULL;
  View fds = to_view(env, args[4]);
  if (!is_message(part, fds)) return from_result(env, -1);
  ssize_t sent;
  do sent = send_with_fds(to_i32(env, args[0]), part, fds, MSG_DONTWAIT);
  while (sent < 0 && errno == EINTR);
  return from_result(env, (double)sent);
}

// Keeps what fits, closes the rest.
static int32_t take_fds(struct msghdr *message, View out) {
  int32_t count = 0;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header != NULL; header = CMSG_NXTHDR(message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    size_t fds = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t index = 0; index < fds; index++) {
      int fd;
      memcpy(&fd, CMSG_DATA(header) + index * sizeof(int), sizeof fd);
      if (((size_t)count + 1) * sizeof(int) <= out.length) memcpy(out.bytes + (size_t)count++ * sizeof(int), &fd, sizeof fd);
      else close(fd);
    }
  }
  return count;
}

static FUNCTION(recv_fds) {
  ARGUMENTS(6);
  View part;
  if (!to_part(env, args[1], args[2], args[3], &part)) return NULL;
  View fds = to_view(env, args[4]), counts = to_view(env, args[5]);
  if (counts.length < sizeof(int32_t)) {
    errno = EINVAL;
    return from_result(env, -1);
  }
  union {
    char bytes[CMSG_SPACE(MAX_FDS * sizeof(int))];
    struct cmsghdr align;
  } control = {0};
  struct iovec io = {part.bytes, part.length};
  struct msghdr message = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control};
  ssize_t result;
  do result = recvmsg(to_i32(env, args[0]), &message, MSG_CMSG_CLOEXEC);
  while (result < 0 && errno == EINTR);
  int32_t count = result < 0 ? 0 : take_fds(&message, fds);
  memcpy(counts.bytes, &count, sizeof count);
  return from_result(env, (double)result);
}

static FUNCTION(send_datagram) {
  ARGUMENTS(2);
  struct sockaddr_un address;
  socklen_t length;
  if (!unix_address(env, args[0], &address, &length)) return from_result(env, -1);
  View bytes = to_view(env, args[1]);
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return from_result(env, -1);
  ssize_t sent = sendto(fd, bytes.bytes, bytes.length, MSG_NOSIGNAL, (struct sockaddr *)&address, length);
  if (sent < 0) return give_up(env, fd);
  close(fd);
  return from_double(env, (double)sent);
}

void socket_exports(napi_env env, napi_value exports) {
  export_function(env, exports, "listenUnix", listen_unix);
  export_function(env, exports, "connectUnix", connect_unix);
  export_function(env, exports, "acceptUnix", accept_unix);
  export_function(env, exports, "socketPair", socket_pair);
  export_function(env, exports, "peerCredentials", peer_credentials);
  export_function(env, exports, "setSendBuffer", set_send_buffer);
  export_function(env, exports, "readInto", read_into);
  export_function(env, exports, "readExact", read_exact);
  export_function(env, exports, "writeFrom", write_from);
  export_function(env, exports, "sendFds", send_fds);
  export_function(env, exports, "sendNow", send_now);
  export_function(env, exports, "recvFds", recv_fds);
  export_function(env, exports, "sendDatagram", send_datagram);
}
