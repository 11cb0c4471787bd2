/*
 * LD_PRELOAD: connectors have only the mode that $ONLY_MODE names, as WIDTHxHEIGHT. Programs that take the largest mode there is
 * (glmark2-es2-drm, which also draws off-screen at that size, whatever its --size says) then take this one.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <xf86drmMode.h>

drmModeConnectorPtr drmModeGetConnector(int fd, uint32_t id) {
  drmModeConnectorPtr (*next)(int, uint32_t);
  *(void **)&next = dlsym(RTLD_NEXT, "drmModeGetConnector");
  drmModeConnectorPtr connector = next(fd, id);
  const char *wanted = getenv("ONLY_MODE");
  int width, height;
  if (connector == NULL || wanted == NULL || sscanf(wanted, "%dx%d", &width, &height) != 2) return connector;
  int kept = 0;
  for (int i = 0; i < connector->count_modes && kept == 0; i++) {
    const drmModeModeInfo mode = connector->modes[i];
    if (mode.hdisplay == width && mode.vdisplay == height) connector->modes[kept++] = mode;
  }
  connector->count_modes = kept;
  return connector;
}
