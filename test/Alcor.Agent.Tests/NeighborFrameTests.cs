using System.Net;
using Alcor.Agent.Packets;
using Alcor.OpenFlow;

namespace Alcor.Agent.Tests;

/// <summary>Neighbour discovery as the agent speaks it outside.</summary>
public sealed class NeighborFrameTests
{
    private static readonly MacAddress Mac = new(0xfa_16_3e_00_00_07);
    private static readonly IPAddress Own = IPAddress.Parse("2001:db8::7");
    private static readonly IPAddress Target = IPAddress.Parse("2001:db8::12:3456");

    [Fact]
    public void A_question_goes_to_those_who_may_have_the_address_and_tells_who_asks()
    {
        var packet = new Packet(NeighborFrame.Question(Mac, Own, Target).Encode());
        Assert.Equal((UInt128)0x3333_ff12_3456, packet[Field.EthDst]);
        Assert.Equal((UInt128)Mac.Value, packet[Field.EthSrc]);
        Assert.Equal(Ipv6Address.Parse("ff02::1:ff12:3456").Value, packet[Field.Ipv6Dst]);
        Assert.Equal((135, 255), ((int)packet[Field.Icmpv6Type], (int)packet[Field.IpTtl]));
        Assert.Equal(Ipv6Address.From(Target).Value, packet[Field.NdTarget]);
        Assert.Equal((UInt128)Mac.Value, packet[Field.NdSll]);
    }

    [Fact]
    public void An_announcement_goes_to_everybody_and_overrides_what_they_know()
    {
        var frame = NeighborFrame.Announcement(Mac, Own).Encode();
        var packet = new Packet(frame);
        Assert.Equal((UInt128)0x3333_0000_0001, packet[Field.EthDst]);
        Assert.Equal((136, 255), ((int)packet[Field.Icmpv6Type], (int)packet[Field.IpTtl]));
        Assert.Equal((UInt128)Mac.Value, packet[Field.NdTll]);
        // Router, not solicited, override (RFC 4861 section 4.4).
        Assert.Equal(0xa0, frame[58]);
    }

    [Fact]
    public void What_is_written_is_read()
    {
        foreach (var one in new[] { NeighborFrame.Question(Mac, Own, Target), NeighborFrame.Announcement(Mac, Own) })
        {
            Assert.True(NeighborFrame.TryParse(one.Encode(), out var read));
            Assert.Equal(one, read);
        }
    }

    [Theory]
    [InlineData(21, 254)] // a router has forwarded it
    [InlineData(54, 133)] // another message
    [InlineData(55, 1)] // a code that there is not
    [InlineData(62, 0xff)] // the target is a group
    [InlineData(78, 1)] // the MAC address of the target is not told
    [InlineData(79, 0)] // an option without a length
    [InlineData(79, 2)] // an option longer than the packet
    public void What_is_not_to_be_believed_is_not_read(int at, byte value)
    {
        var frame = NeighborFrame.Announcement(Mac, Own).Encode();
        Assert.NotEqual(value, frame[at]);
        frame[at] = value;
        Assert.False(NeighborFrame.TryParse(frame, out _));
    }

    [Fact]
    public void Whatever_arrives_is_read_or_refused()
    {
        var random = Seed.For(nameof(Whatever_arrives_is_read_or_refused));
        for (var i = 0; i < 20_000; i++)
        {
            var frame = NeighborFrame.Announcement(Mac, Own).Encode();
            for (var changes = random.Next(1, 4); changes > 0; changes--)
                frame[random.Next(12, frame.Length)] = (byte)random.Next(256);
            var isRead = NeighborFrame.TryParse(frame.AsMemory(0, random.Next(frame.Length + 1)), out var read);
            Assert.Equal(isRead, read is not null);
        }
    }
}
