#version 300 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0;
  vec4 t0;
  vec4 t1;
  in0 = gl_FragCoord;
  t0 = in0 * vec4(2.0, 3.0, 0.0, 0.0);
  t1.xy = dFdx(t0.xy);
  t1.zw = dFdy(t0.xy);
  out0 = t1;
  frag0 = out0;
}
