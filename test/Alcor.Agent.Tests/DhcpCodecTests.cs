using System.Net;
using Alcor.Agent.Dhcp;
using Alcor.OpenFlow;

namespace Alcor.Agent.Tests;

public sealed class DhcpCodecTests
{
    [Fact]
    public void A_message_is_what_it_was_after_encoding_and_parsing()
    {
        var random = Seed.For(nameof(A_message_is_what_it_was_after_encoding_and_parsing));
        for (var i = 0; i < 2_000; i++)
        {
            var message = Any(random);
            Assert.True(DhcpMessage.TryParse(message.Encode(), out var parsed));
            Assert.Equal(message with { Options = [] }, parsed with { Options = [] });
            Assert.Equal(message.Options.Select(Text), parsed.Options.Select(Text));
        }
    }

    [Fact]
    public void Bytes_of_a_stranger_give_a_message_or_false_and_nothing_else()
    {
        var random = Seed.For(nameof(Bytes_of_a_stranger_give_a_message_or_false_and_nothing_else));
        var parsedCount = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = (Any(random) with { IsReply = false }).Encode();
            for (var flips = random.Next(4); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var cut = bytes.AsSpan(0, random.Next(3) == 0 ? random.Next(bytes.Length) : bytes.Length);
            parsedCount += DhcpMessage.TryParse(cut, out _) ? 1 : 0;
            var frame = Frame(Any(random)).Encode();
            frame[random.Next(frame.Length)] = (byte)random.Next(256);
            _ = DhcpFrame.TryParse(frame.AsMemory(0, random.Next(frame.Length + 1)), out _);
        }
        Assert.InRange(parsedCount, 1, 19_999);
    }

    [Fact]
    public void A_message_is_padded_to_300_bytes()
    {
        var message = new DhcpMessage { IsReply = true, TransactionId = 1, ClientMac = new MacAddress(1) };
        Assert.Equal(300, message.Encode().Length);
    }

    [Fact]
    public void Options_in_the_fields_for_file_and_server_name_are_read_too()
    {
        var bytes = new DhcpMessage
        {
            IsReply = false,
            TransactionId = 1,
            ClientMac = new MacAddress(1),
            Options = [new(DhcpOptionCode.Overload, new byte[] { 3 })],
        }.Encode();
        byte[] file = [DhcpOptionCode.MessageType, 1, 1, DhcpOptionCode.End];
        byte[] name = [DhcpOptionCode.RequestedAddress, 4, 10, 0, 0, 5, DhcpOptionCode.End];
        file.CopyTo(bytes, 108);
        name.CopyTo(bytes, 44);
        Assert.True(DhcpMessage.TryParse(bytes, out var parsed));
        Assert.Equal(DhcpMessageType.Discover, parsed.MessageType);
        Assert.Equal(IPAddress.Parse("10.0.0.5"), parsed.AddressOption(DhcpOptionCode.RequestedAddress));
    }

    [Fact]
    public void The_checksums_of_a_frame_are_right()
    {
        var random = Seed.For(nameof(The_checksums_of_a_frame_are_right));
        for (var i = 0; i < 200; i++)
        {
            var frame = Frame(Any(random) with { IsReply = true }).Encode();
            Assert.Equal(0xffff, Sum(frame.AsSpan(14, 20)));
            var udp = frame.AsSpan(34);
            byte[] pseudo = [.. frame[26..34], 0, 17, (byte)(udp.Length >> 8), (byte)udp.Length];
            Assert.Equal(0xffff, Sum([.. pseudo, .. udp]));
        }
    }

    [Fact]
    public void Only_what_goes_from_client_to_server_is_parsed()
    {
        var random = Seed.For(nameof(Only_what_goes_from_client_to_server_is_parsed));
        var request = Frame(Any(random) with { IsReply = false });
        Assert.True(DhcpFrame.TryParse(request.Encode(), out var parsed));
        Assert.Equal(request.SourceMac, parsed.SourceMac);
        var reply = request with { Message = request.Message with { IsReply = true } };
        Assert.False(DhcpFrame.TryParse(reply.Encode(), out _));
        var fragment = request.Encode();
        fragment[20] = 0x20;
        Assert.False(DhcpFrame.TryParse(fragment, out _));
    }

    private static string Text(DhcpOption option) => $"{option.Code}={Convert.ToHexString(option.Value.Span)}";

    private static DhcpFrame Frame(DhcpMessage message) => new()
    {
        SourceMac = new MacAddress(0x020000000001),
        DestinationMac = MacAddress.Broadcast,
        Source = IPAddress.Any,
        Destination = IPAddress.Broadcast,
        Message = message,
    };

    private static DhcpMessage Any(Random random) => new()
    {
        IsReply = random.Next(2) == 0,
        TransactionId = (uint)random.NextInt64(1L << 32),
        Broadcast = random.Next(2) == 0,
        ClientAddress = Address(random),
        YourAddress = Address(random),
        NextServerAddress = Address(random),
        RelayAddress = Address(random),
        ClientMac = new MacAddress((ulong)random.NextInt64(1L << 48)),
        ServerName = [.. Enumerable.Repeat((byte)'s', random.Next(65))],
        BootFile = [.. Enumerable.Repeat((byte)'b', random.Next(129))],
        Options = [.. Enumerable.Range(1, 254).Where(code => code != DhcpOptionCode.Overload)
            .OrderBy(_ => random.Next()).Take(random.Next(12))
            .Select(code => new DhcpOption((byte)code, Bytes(random)))],
    };

    private static IPAddress Address(Random random) => new((uint)random.NextInt64(1L << 32));

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(10) == 0 ? random.Next(700) : random.Next(20)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static int Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        for (var i = 0; i < bytes.Length; i++)
            sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
        while (sum >> 16 != 0)
            sum = (sum & 0xffff) + (sum >> 16);
        return sum;
    }
}
