#version 320 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 out0;
  ivec4 out1;
  out0 = vec4(1.0, 0.5, 0.25, 0.125);
  out1.x = 1065353216;
  frag0 = out0;
  gl_SampleMask[0] = out1.x;
}
