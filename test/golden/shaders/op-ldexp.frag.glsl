#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  uvec4 fs_c0[64];
};
flat in uvec4 v_generic0;
flat in uvec4 v_generic1;
layout(location = 0) out uvec4 frag0;
layout(location = 1) out uvec4 frag1;
float vg_ldexp(float a, int b) { int h = clamp(b, -252, 252) / 2; return a * exp2(float(h)) * exp2(float(clamp(b, -252, 252) - h)); }
vec4 vg_ldexp(vec4 a, ivec4 b) { return vec4(vg_ldexp(a.x, b.x), vg_ldexp(a.y, b.y), vg_ldexp(a.z, b.z), vg_ldexp(a.w, b.w)); }
void main() {
  uvec4 out0;
  uvec4 out1;
  uvec4 t0;
  uvec4 t1;
  uvec4 t2;
  ivec4 addr0;
  t0.x = v_generic1.x * 4u;
  addr0.x = int(t0.x);
  t1 = uvec4(0u);
  t2 = fs_c0[clamp(addr0.x + 1, 0, 63)] & uvec4(15u);
  t2 = t2 + uvec4(0xfffffff8u);
  t1 = floatBitsToUint(vg_ldexp(uintBitsToFloat(fs_c0[clamp(addr0.x, 0, 63)]), ivec4(t2)));
  out0 = t1;
  out1 = v_generic0;
  frag0 = out0;
  frag1 = out1;
}
