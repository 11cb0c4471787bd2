#version 300 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0;
  in0 = vec4(gl_PointCoord.x, gl_PointCoord.y, vec2(0.0, 1.0));
  out0 = in0;
  frag0 = out0;
}
