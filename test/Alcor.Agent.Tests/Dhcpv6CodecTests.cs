using System.Net;
using Alcor.Agent.Dhcpv6;
using Alcor.Agent.Packets;
using Alcor.Agent.Tests.World;

namespace Alcor.Agent.Tests;

public sealed class Dhcpv6CodecTests
{
    [Fact]
    public void A_message_is_what_it_was_after_encoding_and_parsing()
    {
        var random = Seed.For(nameof(A_message_is_what_it_was_after_encoding_and_parsing));
        for (var i = 0; i < 2_000; i++)
        {
            var message = Any(random);
            Assert.True(Dhcpv6Message.TryParse(message.Encode(), out var parsed));
            Assert.Equal(message with { Options = [] }, parsed with { Options = [] });
            Assert.Equal(message.Options.Select(Text), parsed.Options.Select(Text));
        }
    }

    [Fact]
    public void Bytes_of_a_stranger_give_a_message_or_false_and_an_answer_or_silence()
    {
        var random = Seed.For(nameof(Bytes_of_a_stranger_give_a_message_or_false_and_an_answer_or_silence));
        var binding = new Dhcpv6Binding(Say.MacOf(10), 1280, [IPAddress.Parse("2001:db8::a")],
            [IPAddress.Parse("2001:db8::53")], TimeSpan.FromDays(1));
        var (parsed, answered) = (0, 0);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Ask.Dhcpv6(10, Any(random)).Encode();
            for (var flips = random.Next(4); flips > 0; flips--)
                bytes[random.Next(54, bytes.Length)] = (byte)random.Next(256);
            var cut = bytes.AsMemory(0, random.Next(3) == 0 ? random.Next(bytes.Length) : bytes.Length);
            if (!IpFrame.TryParse(cut, out var packet) || !Dhcpv6Frame.TryParse(packet, out var request))
                continue;
            parsed++;
            var answer = Dhcpv6Responder.Respond(binding, request)?.Encode();
            answered += answer is null ? 0 : 1;
            Assert.True(answer is null || answer.Length <= 14 + 1_280);
        }
        Assert.InRange(parsed, 1, 19_999);
        Assert.InRange(answered, 1, parsed - 1);
    }

    [Theory]
    [InlineData("0100000100010000", true)]
    [InlineData("01000001", true)]
    [InlineData("010000", false)] // no transaction
    [InlineData("0100000100010001", false)] // an option longer than what there is
    [InlineData("01000001000100", false)] // half an option
    [InlineData("0C000001", false)] // of a relay
    [InlineData("00000001", false)]
    public void What_is_not_whole_is_no_message(string bytes, bool isMessage) =>
        Assert.Equal(isMessage, Dhcpv6Message.TryParse(Convert.FromHexString(bytes), out _));

    [Fact]
    public void Only_what_goes_from_client_to_server_is_parsed()
    {
        var solicit = Ask.Dhcpv6(10, new Dhcpv6Message(Dhcpv6MessageType.Solicit, 1));
        Assert.True(IpFrame.TryParse(solicit.Encode(), out var packet));
        Assert.True(Dhcpv6Frame.TryParse(packet, out _));
        var reply = solicit with { Message = solicit.Message with { Type = Dhcpv6MessageType.Reply } };
        Assert.True(IpFrame.TryParse(reply.Encode(), out packet));
        Assert.False(Dhcpv6Frame.TryParse(packet, out _));
    }

    private static string Text(Dhcpv6Option option) => $"{option.Code}={Convert.ToHexString(option.Value.Span)}";

    /// <summary>With options that mean something, whose values often do.</summary>
    private static Dhcpv6Message Any(Random random) =>
        new((Dhcpv6MessageType)random.Next(1, 12), (uint)random.Next(1 << 24))
        {
            Options = [.. Enumerable.Range(0, random.Next(8)).Select(_ => AnyOption(random, depth: 0))],
        };

    private static Dhcpv6Option AnyOption(Random random, int depth)
    {
        var code = (ushort)(random.Next(10) == 0 ? random.Next(65_536) : random.Next(33));
        return new(code, code switch
        {
            Dhcpv6OptionCode.ServerIdentifier when random.Next(2) == 0 => Dhcpv6Responder.ServerIdentifier,
            Dhcpv6OptionCode.NonTemporaryAddresses or Dhcpv6OptionCode.DelegatedPrefixes when depth < 2 =>
                (byte[])[.. Bytes(random, 12), .. Nested(random, depth)],
            Dhcpv6OptionCode.TemporaryAddresses when depth < 2 =>
                (byte[])[.. Bytes(random, 4), .. Nested(random, depth)],
            Dhcpv6OptionCode.Address => Bytes(random, 24),
            _ => Bytes(random, random.Next(10) == 0 ? random.Next(300) : random.Next(20)),
        });
    }

    private static byte[] Nested(Random random, int depth) => Dhcpv6Option.Encode(
        [.. Enumerable.Range(0, random.Next(8)).Select(_ => AnyOption(random, depth + 1))]);

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
