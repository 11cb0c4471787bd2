#version 300 es
precision highp float;
precision highp int;
in vec4 v_fog0;
in vec4 v_normal0;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 out0;
  out0 = v_fog0 + v_normal0;
  frag0 = out0;
}
