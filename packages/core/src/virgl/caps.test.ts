import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  canOfferBset,
  canOfferCapability,
  canOfferCapabilityV2,
  canOfferLimit,
  CapsReader,
  CapsWriter,
  defaultCommandSet,
  featureCheckVersion,
  VirglFormat,
} from "./index.js";
import { CAPS_FIELDS, VIRGL_CAPS_V2_SIZE_BYTES } from "./protocol/caps.js";

const SIZES = { u32: 4, i32: 4, f32: 4, mask: 64, bits: 4, char: 1, video: 16 } as const;

describe("the caps layout", () => {
  it("has no holes and ends where the struct ends", () => {
    let at = 0;
    for (const [name, field] of Object.entries(CAPS_FIELDS)) {
      assert.equal(field.offsetBytes, at, name);
      at += SIZES[field.kind] * field.count;
    }
    assert.equal(at, VIRGL_CAPS_V2_SIZE_BYTES);
  });

  it("has the offsets that were measured on the C server", () => {
    assert.equal(CAPS_FIELDS.min_aliased_point_size.offsetBytes, 308);
    assert.equal(CAPS_FIELDS.capability_bits.offsetBytes, 392);
    assert.equal(CAPS_FIELDS.max_texture_2d_size.offsetBytes, 484);
    assert.equal(CAPS_FIELDS.host_feature_check_version.offsetBytes, 556);
    assert.equal(CAPS_FIELDS.capability_bits_v2.offsetBytes, 688);
    assert.equal(CAPS_FIELDS.renderer.offsetBytes, 696);
    assert.equal(CAPS_FIELDS.max_const_buffer_size.offsetBytes, 832);
    assert.equal(CAPS_FIELDS.max_uniform_block_size.offsetBytes, 1372);
    assert.equal(CAPS_FIELDS.max_shader_storage_blocks.offsetBytes, 1384);
  });
});

describe("CapsWriter", () => {
  it("writes what CapsReader reads", () => {
    const writer = new CapsWriter()
      .set("glsl_level", 130)
      .set("min_texel_offset", -8)
      .set("max_texture_lod_bias", 15.5)
      .set("max_const_buffer_size", 65_536, 1)
      .addFormat("sampler", VirglFormat.R8G8B8A8_UNORM)
      .addFormat("render", 480)
      .addBset("ubo", "transform_feedback_overflow_query")
      .addCapability("TRANSFER", "ARB_BUFFER_STORAGE")
      .addCapabilityV2("BLEND_EQUATION")
      .setRenderer("virgl (llvmpipe…)");
    const caps = new CapsReader(writer.toCapset2());
    assert.equal(caps.get("max_version"), 2);
    assert.equal(caps.get("glsl_level"), 130);
    assert.equal(caps.get("min_texel_offset"), -8);
    assert.equal(caps.get("max_texture_lod_bias"), 15.5);
    assert.equal(caps.get("max_const_buffer_size", 0), 0);
    assert.equal(caps.get("max_const_buffer_size", 1), 65_536);
    assert.ok(caps.hasFormat("sampler", VirglFormat.R8G8B8A8_UNORM));
    assert.ok(caps.hasFormat("render", 480));
    assert.ok(!caps.hasFormat("render", VirglFormat.R8G8B8A8_UNORM));
    assert.ok(caps.hasBset("ubo") && caps.hasBset("transform_feedback_overflow_query") && !caps.hasBset("has_fp64"));
    assert.ok(caps.hasCapability("TRANSFER") && caps.hasCapability("ARB_BUFFER_STORAGE") && !caps.hasCapability("QBO"));
    assert.ok(caps.hasCapabilityV2("BLEND_EQUATION"));
    assert.equal(caps.renderer, "virgl (llvmpipe?)");
  });

  it("makes capset 1 the first 308 bytes, with version 1", () => {
    const bytes = new CapsWriter().set("max_viewports", 3).toCapset1();
    assert.equal(bytes.length, 308);
    assert.equal(new CapsReader(bytes).get("max_version"), 1);
    assert.equal(new CapsReader(bytes).get("max_viewports"), 3);
    assert.equal(new CapsReader(bytes).get("max_texture_2d_size"), 0);
  });

  it("refuses indices outside", () => {
    assert.throws(() => new CapsWriter().set("max_compute_grid_size", 1, 3), RangeError);
    assert.throws(() => new CapsWriter().addFormat("sampler", 512), RangeError);
  });
});

describe("capabilities", () => {
  it("vanish with the commands that they promise", () => {
    const cases: readonly (readonly [command: string, isOffered: (set: typeof defaultCommandSet) => boolean])[] = [
      ["TRANSFER3D", (set) => canOfferCapability(set, "TRANSFER")],
      ["COPY_TRANSFER3D", (set) => canOfferCapability(set, "COPY_TRANSFER")],
      ["COPY_TRANSFER3D", (set) => canOfferCapabilityV2(set, "COPY_TRANSFER_BOTH_DIRECTIONS")],
      ["RESOURCE_COPY_REGION", (set) => canOfferCapability(set, "COPY_IMAGE")],
      ["GET_QUERY_RESULT", (set) => canOfferBset(set, "occlusion_query")],
      ["CREATE_OBJECT(QUERY)", (set) => canOfferBset(set, "timer_query")],
      ["SET_STREAMOUT_TARGETS", (set) => canOfferLimit(set, "max_streamout_buffers")],
      ["CREATE_OBJECT(STREAMOUT_TARGET)", (set) => canOfferBset(set, "streamout_pause_resume")],
      ["SET_UNIFORM_BUFFER", (set) => canOfferLimit(set, "max_uniform_blocks")],
      ["SET_SAMPLE_MASK", (set) => canOfferBset(set, "texture_multisample")],
      ["BLIT", (set) => canOfferLimit(set, "max_samples")],
    ];
    for (const [command, isOffered] of cases) {
      assert.ok(isOffered(defaultCommandSet), `${command} is offered`);
      assert.ok(!isOffered(defaultCommandSet.without([command])), `without ${command}`);
    }
  });

  it("that need what is only accepted as null state are not offered", () => {
    assert.ok(!canOfferBset(defaultCommandSet, "conditional_render"));
    assert.ok(!canOfferBset(defaultCommandSet, "has_sample_shading"));
    assert.ok(!canOfferCapability(defaultCommandSet, "COMPUTE_SHADER"));
    assert.ok(!canOfferCapability(defaultCommandSet, "FB_NO_ATTACH"));
    assert.ok(!canOfferLimit(defaultCommandSet, "max_shader_buffer"));
  });

  it("limit host_feature_check_version to what is offered", () => {
    assert.equal(featureCheckVersion(defaultCommandSet, 22), 22);
    assert.equal(featureCheckVersion(defaultCommandSet.without(["CLEAR_SURFACE"]), 22), 20);
    assert.equal(featureCheckVersion(defaultCommandSet.without(["CLEAR_SURFACE"]), 9), 9);
    assert.equal(featureCheckVersion(defaultCommandSet.without(["CLEAR_SURFACE", "LINK_SHADER"]), 22), 6);
  });
});
