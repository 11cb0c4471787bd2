#version 300 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0;
  in0 = gl_FragCoord;
  out0 = in0;
  frag0 = out0;
}
