#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
  vec4 vs_c0[64];
};
uniform highp samplerCubeShadow vs_s0;
layout(location = 0) in vec4 a0;
flat out uvec4 v_generic0;
flat out uvec4 v_generic1;
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
  ivec4 sv0;
  vec4 out0;
  uvec4 out1;
  uvec4 out2 = uvec4(0u);
  uvec4 t0;
  uvec4 t1;
  ivec4 addr0;
  sv0 = ivec4(gl_VertexID);
  t0.x = uint(sv0.x) * 4u;
  addr0.x = int(t0.x);
  t1 = uvec4(0u);
  out0 = a0;
  out2.x = uint(sv0.x);
  t1 = floatBitsToUint(vec4(vg_cubeshadowlod(vs_s0, vec4(vs_c0[clamp(addr0.x, 0, 63)].xyz, vs_c0[clamp(addr0.x, 0, 63)].w), vs_c0[clamp(addr0.x + 1, 0, 63)].x)));
  out1 = t1;
  v_generic0 = out1;
  v_generic1 = out2;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
  gl_PointSize = vs_sys[0].y;
}
