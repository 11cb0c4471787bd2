// The front-end's window, as far as a VMM's display goes when it shows pixels that come over the vhost-user-gpu socket: a message is
// read as a whole, its rows are copied into the surface. The same for every back-end, with its own processor time.
// Source: QEMU docs/interop/vhost-user-gpu.rst.
//
//     window WIDTH HEIGHT      descriptor 3: the socket; descriptor 4: the surface (tight rows of 4-byte pixels), then `Seen`
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SOCKET = 3, SURFACE = 4 };
enum { GET_PROTOCOL_FEATURES = 1, GET_DISPLAY_INFO = 3, UPDATE = 8, GET_EDID = 11 };
enum { FLAG_REPLY = 4, PROTOCOL_F_EDID = 1, MAX_MESSAGE = 64 << 20 };

typedef struct {
  uint32_t request, flags, size;
} Header;

typedef struct {
  uint64_t updates, pixel_bytes;
} Seen;

// What follows the header of UPDATE, before the pixels.
typedef struct {
  uint32_t scanout, x, y, width, height;
} Update;

static uint32_t width, height;
static uint8_t *surface;
static volatile Seen *seen;

// Ends the window when the back-end is gone.
static void take(void *bytes, size_t length) {
  if (length == 0) return;
  if (recv(SOCKET, bytes, length, MSG_WAITALL) != (ssize_t)length) exit(0);
}

static void reply(uint32_t request, const void *payload, uint32_t size) {
  uint8_t message[sizeof(Header) + 2048];
  Header header = {request, FLAG_REPLY, size};
  memcpy(message, &header, sizeof header);
  memcpy(message + sizeof header, payload, size);
  size_t length = sizeof header + size;
  if (send(SOCKET, message, length, MSG_NOSIGNAL) != (ssize_t)length) exit(0);
}

static void show(const uint8_t *payload, size_t size) {
  Update update;
  if (size < sizeof update) exit(3);
  memcpy(&update, payload, sizeof update);
  uint64_t stride = (uint64_t)width * 4, row = (uint64_t)update.width * 4;
  if (update.width > width || update.x > width - update.width || update.height > height || update.y > height - update.height ||
      size - sizeof update != row * update.height)
    exit(3);
  const uint8_t *from = payload + sizeof update;
  uint8_t *to = surface + update.y * stride + (uint64_t)update.x * 4;
  for (uint32_t y = 0; y < update.height; y++) memcpy(to + y * stride, from + y * row, row);
  seen->pixel_bytes += row * update.height;
  seen->updates++;
}

static void handle(const Header *header, const uint8_t *payload) {
  switch (header->request) {
  case GET_PROTOCOL_FEATURES: {
    uint64_t features = PROTOCOL_F_EDID;
    reply(header->request, &features, sizeof features);
    break;
  }
  case GET_DISPLAY_INFO: {
    // A header of 24 bytes, then 16 times x, y, width, height, enabled, flags.
    uint32_t info[6 + 16 * 6] = {0};
    info[6 + 2] = width;
    info[6 + 3] = height;
    info[6 + 4] = 1;
    reply(header->request, info, sizeof info);
    break;
  }
  case GET_EDID: {
    // A header, a size of 0 with padding, 1024 bytes: there is none.
    uint8_t edid[24 + 8 + 1024] = {0};
    reply(header->request, edid, sizeof edid);
    break;
  }
  case UPDATE:
    show(payload, header->size);
    break;
  default: // SCANOUT is known, there is no cursor, nothing else was offered
    break;
  }
}

int main(int count, char **words) {
  if (count != 3) return 2;
  width = (uint32_t)atoi(words[1]);
  height = (uint32_t)atoi(words[2]);
  size_t length = (size_t)width * height * 4;
  surface = mmap(NULL, length + sizeof(Seen), PROT_READ | PROT_WRITE, MAP_SHARED, SURFACE, 0);
  if (surface == MAP_FAILED) return 3;
  seen = (volatile Seen *)(surface + length);
  for (;;) {
    Header header;
    take(&header, sizeof header);
    if (header.size > MAX_MESSAGE) return 3;
    uint8_t *payload = malloc(header.size + 1);
    if (payload == NULL) return 3;
    take(payload, header.size);
    handle(&header, payload);
    free(payload);
  }
}
