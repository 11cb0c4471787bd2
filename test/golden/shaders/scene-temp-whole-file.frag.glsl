#version 300 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0;
  vec4 t0[4] = vec4[4](vec4(0.0), vec4(0.0), vec4(0.0), vec4(0.0));
  ivec4 addr0;
  in0 = gl_FragCoord;
  t0[1] = vec4(1.0);
  t0[2] = vec4(2.0);
  t0[3] = vec4(3.0);
  addr0.x = int(floor(in0.x));
  out0 = t0[clamp(addr0.x, 0, 3)];
  frag0 = out0;
}
