#version 320 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
void main() {
  ivec4 in0;
  vec4 out0;
  in0 = ivec4(gl_PrimitiveID);
  out0 = vec4(ivec4(in0.x));
  frag0 = out0;
}
