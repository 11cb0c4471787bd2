#version 300 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
layout(location = 1) out vec4 frag1;
void main() {
  vec4 out0;
  out0 = vec4(1.0, 0.5, 0.25, 0.125);
  frag0 = out0;
  frag1 = out0;
}
