#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  vec4 fs_c0[64];
};
uniform highp samplerCubeShadow fs_s0;
flat in uvec4 v_generic0;
flat in uvec4 v_generic1;
layout(location = 0) out uvec4 frag0;
layout(location = 1) out uvec4 frag1;
void vg_cubelod(vec3 p, float size, float lod, out vec3 dx, out vec3 dy) {
  vec3 m = abs(p);
  float major = max(m.x, max(m.y, m.z));
  float d = 2.0 * major * exp2(lod) / size;
  bool isX = m.x >= m.y && m.x >= m.z;
  bool isY = !isX && m.y >= m.z;
  dx = isX ? vec3(0.0, d, 0.0) : vec3(d, 0.0, 0.0);
  dy = isX || isY ? vec3(0.0, 0.0, d) : vec3(0.0, d, 0.0);
}
float vg_cubeshadowlod(highp samplerCubeShadow s, vec4 p, float lod) {
  vec3 dx;
  vec3 dy;
  vg_cubelod(p.xyz, float(textureSize(s, 0).x), lod, dx, dy);
  return textureGrad(s, p, dx, dy);
}
void main() {
  uvec4 out0;
  uvec4 out1;
  uvec4 t0;
  uvec4 t1;
  ivec4 addr0;
  t0.x = v_generic1.x * 4u;
  addr0.x = int(t0.x);
  t1 = uvec4(0u);
  t1 = floatBitsToUint(vec4(vg_cubeshadowlod(fs_s0, vec4(fs_c0[clamp(addr0.x, 0, 63)].xyz, fs_c0[clamp(addr0.x, 0, 63)].w), fs_c0[clamp(addr0.x + 1, 0, 63)].x)));
  out0 = t1;
  out1 = v_generic0;
  frag0 = out0;
  frag1 = out1;
}
