#version 300 es
precision highp float;
precision highp int;
in vec4 v_color0;
in vec4 v_bcolor0;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0;
  in0 = gl_FrontFacing ? v_color0 : v_bcolor0;
  out0 = in0;
  frag0 = out0;
}
