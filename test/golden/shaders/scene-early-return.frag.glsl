#version 300 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
vec4 in0;
vec4 out0 = vec4(0.0);
vec4 t0;
void guest_main() {
  out0 = vec4(1.0);
  t0.x = float(in0.x < 4.0);
  if (t0.x != 0.0) {
    return;
  }
  out0 = vec4(2.0);
}
void main() {
  in0 = gl_FragCoord;
  guest_main();
  frag0 = out0;
}
