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
  vec4 t5;
  uvec4 t6;
  vec4 t7;
  in0 = gl_FragCoord;
  t0.x = (in0.y * fs_c0[0].x) + fs_c0[0].y;
  t1.x = in0.x * 0.0001;
  t2.x = t1.x * t0.x;
  t3.x = fract(t2.x);
  t4.xy = vec2(2.0, 3.0) * vec2(t3.x);
  t5.xy = fract(t4.xy);
  t6.x = (t3.x >= 0.5) ? 0xffffffffu : 0u;
  t7.xyz = mix(vec3(t5.y), vec3(t5.x), notEqual(uvec3(t6.x), uvec3(0u)));
  out0.xyz = t7.xyz;
  out0.w = 1.0;
  frag0 = out0;
}
