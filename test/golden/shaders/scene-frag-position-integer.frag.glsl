#version 300 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 sv0;
  vec4 out0;
  sv0 = gl_FragCoord - vec4(0.5, 0.5, 0.0, 0.0);
  out0 = sv0;
  frag0 = out0;
}
