namespace Alcor.OpenFlow.Tests;

public sealed class CodecTests
{
    [Fact]
    public void Every_message_decodes_to_what_was_encoded()
    {
        var random = Seed.For(nameof(Every_message_decodes_to_what_was_encoded));
        for (var i = 0; i < 5_000; i++)
        {
            var version = random.Pick(OpenFlowVersion.OpenFlow13, OpenFlowVersion.OpenFlow14);
            var frame = new OpenFlowFrame(version, (uint)random.Bits(32), random.Message());
            Assert.Equal(frame, OpenFlowCodec.Decode(OpenFlowCodec.Encode(frame)));
        }
    }

    [Fact]
    public void Flow_mods_keep_what_they_address()
    {
        var random = Seed.For(nameof(Flow_mods_keep_what_they_address));
        for (var i = 0; i < 2_000; i++)
        {
            var change = new FlowMod((FlowModCommand)random.Next(5), random.Flow())
            { CookieMask = (ulong)random.Bits(64), OutPort = random.Pick(Ports.Any, 5u),
                OutGroup = random.Pick(Ports.Any, 6u) };
            var frame = new OpenFlowFrame(OpenFlowVersion.OpenFlow14, 1, new OpenFlowMessage.FlowModification(change));
            Assert.Equal(frame, OpenFlowCodec.Decode(OpenFlowCodec.Encode(frame)));
        }
    }

    [Fact]
    public void Mutated_bytes_give_a_value_or_a_format_exception()
    {
        var random = Seed.For(nameof(Mutated_bytes_give_a_value_or_a_format_exception));
        var refused = 0;
        for (var i = 0; i < 30_000; i++)
        {
            var bytes = OpenFlowCodec.Encode(new OpenFlowFrame(
                random.Pick(OpenFlowVersion.OpenFlow13, OpenFlowVersion.OpenFlow14), 7, random.Message()));
            for (var n = random.Next(1, 5); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Chance(0.3)) bytes = Resized(random, bytes);
            refused += Decodes(bytes) ? 0 : 1;
        }

        Assert.InRange(refused, 1, 29_999);
    }

    [Fact]
    public void Random_bytes_under_a_good_header_give_a_value_or_a_format_exception()
    {
        var random = Seed.For(nameof(Random_bytes_under_a_good_header_give_a_value_or_a_format_exception));
        for (var i = 0; i < 30_000; i++)
        {
            var bytes = new byte[random.Next(8, 200)];
            random.NextBytes(bytes);
            bytes[0] = (byte)random.Next(3, 7);
            bytes[1] = (byte)random.Next(36);
            (bytes[2], bytes[3]) = (0, (byte)bytes.Length);
            Decodes(bytes);
        }

        Assert.False(Decodes([]));
    }

    /// <summary>As ovs-ofctl(8) of Open vSwitch 3.1 writes it for "ct-flush".</summary>
    [Theory]
    [InlineData(0, 0, "06040040000000020000232000000020000000000000000000000020000000000001001400000000000000000000"
        + "ffffc6336432000000000002000800050000")]
    [InlineData(17, 8080, "06040048000000020000232000000020110000000000000000000028000000000001001400000000000000000000"
        + "ffffc633643200000000000300081f9000000002000800050000")]
    public void Connections_are_forgotten_in_the_words_of_ovs_ofctl(byte protocol, ushort port, string expected)
    {
        var which = new ConnectionFilter(5)
        {
            Target = new Ipv4Address(0xc6336432), Protocol = protocol, TargetPort = port,
        };
        // It speaks version 1.5, and we 1.4, in which this is the same.
        var frame = new OpenFlowFrame(OpenFlowVersion.OpenFlow14, 2, new OpenFlowMessage.FlushConntrack(which));
        Assert.Equal($"05{expected[2..]}", Convert.ToHexStringLower(OpenFlowCodec.Encode(frame)));
    }

    [Fact]
    public void A_bundle_inside_a_bundle_is_refused()
    {
        var inner = new OpenFlowMessage.BundleAdd(1, BundleFlags.None, new OpenFlowMessage.BarrierRequest());
        var bytes = OpenFlowCodec.Encode(new OpenFlowFrame(
            OpenFlowVersion.OpenFlow14, 5, new OpenFlowMessage.BundleAdd(1, BundleFlags.None, inner)));
        Assert.Throws<OpenFlowFormatException>(() => OpenFlowCodec.Decode(bytes));
    }

    [Fact]
    public void A_message_beyond_the_size_of_the_protocol_is_the_callers_error()
    {
        var data = ValueList.Create<byte>(new byte[70_000]);
        var frame = new OpenFlowFrame(OpenFlowVersion.OpenFlow13, 1, new OpenFlowMessage.EchoRequest(data));
        Assert.Throws<ArgumentException>(() => OpenFlowCodec.Encode(frame));
    }

    [Fact]
    public void An_action_of_others_survives_unread()
    {
        var opaque = new FlowAction.Opaque(0xffff, [0, 0, 0x23, 0x20, 0, 22, 0, 0, 0, 0, 0, 0]);
        var flow = new Flow(0, 1, Match.Empty, opaque);
        var frame =
            new OpenFlowFrame(OpenFlowVersion.OpenFlow13, 1, new OpenFlowMessage.FlowModification(FlowMod.Add(flow)));
        Assert.Equal(frame, OpenFlowCodec.Decode(OpenFlowCodec.Encode(frame)));
    }

    [Fact]
    public void Errors_have_names()
    {
        Assert.Equal("BAD_MATCH/BAD_PREREQ", new OpenFlowError(4, 9).ToString());
        Assert.Equal("BUNDLE_FAILED/MSG_FAILED", new OpenFlowError(17, 13).ToString());
        Assert.Equal("BUNDLE_FAILED/MSG_FAILED", new OpenFlowError(0xffff, 2313, 0x4f4e4600).ToString());
        Assert.Equal("TYPE_99/CODE_1", new OpenFlowError(99, 1).ToString());
    }

    private static byte[] Resized(Random random, byte[] bytes)
    {
        Array.Resize(ref bytes, random.Next(0, bytes.Length + 8));
        if (bytes.Length >= 4) (bytes[2], bytes[3]) = ((byte)(bytes.Length >> 8), (byte)bytes.Length);
        return bytes;
    }

    private static bool Decodes(byte[] bytes)
    {
        try
        {
            Assert.NotNull(OpenFlowCodec.Decode(bytes));
            return true;
        }
        catch (OpenFlowFormatException)
        {
            return false;
        }
    }
}
