#version 320 es
precision highp float;
precision highp int;
uniform highp samplerBuffer fs_s0;
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
  t1.x = uint(textureSize(fs_s0));
  out0 = t1;
  out1 = v_generic0;
  frag0 = out0;
  frag1 = out1;
}
