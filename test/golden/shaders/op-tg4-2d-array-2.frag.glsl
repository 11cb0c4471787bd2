#version 310 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  vec4 fs_c0[64];
};
uniform highp sampler2DArray fs_s0;
flat in uvec4 v_generic0;
flat in uvec4 v_generic1;
layout(location = 0) out uvec4 frag0;
layout(location = 1) out uvec4 frag1;
void main() {
  uvec4 out0;
  uvec4 out1;
  uvec4 t0;
  uvec4 t1;
  uvec4 t2;
  uvec4 t3;
  ivec4 addr0;
  t0.x = v_generic1.x * 4u;
  addr0.x = int(t0.x);
  t1 = uvec4(0u);
  t2.x = 2u;
  t3 = uvec4(1u, 0xfffffff8u, 0xfffffff8u, 0xfffffff8u);
  t1 = floatBitsToUint(textureGather(fs_s0, fs_c0[clamp(addr0.x, 0, 63)].xyz, 2));
  out0 = t1;
  out1 = v_generic0;
  frag0 = out0;
  frag1 = out1;
}
