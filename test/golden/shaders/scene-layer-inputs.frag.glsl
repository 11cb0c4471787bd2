#version 300 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
void main() {
  ivec4 in0;
  ivec4 in1;
  vec4 out0;
  uvec4 t0;
  in0 = ivec4(0);
  in1 = ivec4(0);
  t0 = uvec4(in0) + uvec4(in1);
  out0 = vec4(ivec4(t0));
  frag0 = out0;
}
