#version 300 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 in1;
  vec4 out0;
  in0 = vec4(0.0, 0.0, 0.0, 1.0);
  in1 = vec4(0.0, 0.0, 0.0, 1.0);
  out0 = in0 + in1;
  frag0 = out0;
}
