#version 300 es
precision highp float;
precision highp int;
in vec4 v_generic2;
in vec4 v_generic3;
in vec4 v_generic4;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0[3] = vec4[3](vec4(0.0), vec4(0.0), vec4(0.0));
  vec4 in3;
  vec4 out0;
  ivec4 addr0;
  in0[0] = v_generic2;
  in0[1] = v_generic3;
  in0[2] = v_generic4;
  in3 = gl_FragCoord;
  addr0.x = int(floor(in3.x));
  out0 = in0[clamp(addr0.x, 0, 2)];
  frag0 = out0;
}
