#version 320 es
precision highp float;
precision highp int;
layout(location = 0) out vec4 frag0;
void main() {
  ivec4 sv0;
  vec4 sv1;
  ivec4 sv2;
  vec4 out0;
  sv0 = ivec4(gl_SampleID);
  sv1 = vec4(gl_SamplePosition, vec2(0.0));
  sv2 = ivec4(gl_SampleMaskIn[0]);
  out0.x = float(sv0.x);
  out0.yz = sv1.xy;
  out0.w = float(sv2.x);
  frag0 = out0;
}
