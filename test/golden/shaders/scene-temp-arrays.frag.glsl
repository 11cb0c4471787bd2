#version 300 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0;
  vec4 t0;
  vec4 t1[4] = vec4[4](vec4(0.0), vec4(0.0), vec4(0.0), vec4(0.0));
  vec4 t5[2] = vec4[2](vec4(0.0), vec4(0.0));
  ivec4 addr0;
  in0 = gl_FragCoord;
  t1[0] = vec4(1.0);
  t1[1] = vec4(2.0);
  t1[2] = vec4(3.0);
  t1[3] = vec4(4.0);
  t5[0] = vec4(1.0, 2.0, 3.0, 4.0);
  t5[1] = vec4(4.0, 3.0, 2.0, 1.0);
  addr0.x = int(floor(in0.x));
  t1[clamp(addr0.x + 3, 0, 3)].y = 2.0;
  t0 = t1[clamp(addr0.x - 2, 0, 3)] + t5[clamp(addr0.x, 0, 1)];
  out0 = t0;
  frag0 = out0;
}
