#version 300 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0;
  vec4 t0;
  in0 = gl_FragCoord;
  t0.x = float(in0.x < 4.0);
  if (t0.x != 0.0) {
    discard;
  }
  out0 = vec4(1.0);
  frag0 = out0;
}
