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
void main() {
  uvec4 out0;
  uvec4 out1;
  uvec4 t0;
  uvec4 t1;
  ivec4 addr0;
  t0.x = v_generic1.x * 4u;
  addr0.x = int(t0.x);
  t1 = uvec4(0u);
  t1 = floatBitsToUint(clamp(uintBitsToFloat(fs_c0[clamp(addr0.x, 0, 63)]), 0.0, 1.0));
  t1.w = floatBitsToUint(clamp((fs_c0[clamp(addr0.x, 0, 63)].x != 0u) ? uintBitsToFloat(fs_c0[clamp(addr0.x + 1, 0, 63)].w) : uintBitsToFloat(fs_c0[clamp(addr0.x + 2, 0, 63)].w), 0.0, 1.0));
  out0 = t1;
  out1 = v_generic0;
  frag0 = out0;
  frag1 = out1;
}
