#version 300 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 out0;
  uvec4 t0;
  uvec4 t1 = uvec4(0u);
  t0.xyz = uvec3(0u);
  while (true) {
    t1.x = (t0.x >= 5u) ? 0xffffffffu : 0u;
    if (t1.x != 0u) {
      break;
    }
    t0.y = 0u;
    while (true) {
      t1.x = (t0.y >= 3u) ? 0xffffffffu : 0u;
      if (t1.x != 0u) {
        break;
      }
      t0.y = t0.y + 1u;
      t1.x = (t0.y == t0.x) ? 0xffffffffu : 0u;
      if (t1.x != 0u) {
        continue;
      }
      t0.z = t0.z + 1u;
    }
    t0.x = t0.x + 1u;
  }
  out0 = vec4(ivec4(t0.xyzz));
  frag0 = out0;
}
