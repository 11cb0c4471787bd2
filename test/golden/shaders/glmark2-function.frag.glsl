#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  vec4 fs_c0[1];
};
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0;
  vec4 t0;
  vec4 t1;
  vec4 t2;
  vec4 t3;
  vec4 t4;
  in0 = gl_FragCoord;
  t0.x = (in0.y * fs_c0[0].x) + fs_c0[0].y;
  t1.x = in0.x * 0.0001;
  t2.x = t1.x * t0.x;
  t3.x = fract(t2.x);
  t4.x = 3.0 * t3.x;
  out0.xyz = fract(vec3(t4.x));
  out0.w = 1.0;
  frag0 = out0;
}
