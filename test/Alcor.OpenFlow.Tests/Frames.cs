using System.Buffers.Binary;

namespace Alcor.OpenFlow.Tests;

/// <summary>Frames made by hand, byte by byte, so that no code under test makes them.</summary>
internal static class Frames
{
    public static byte[] Arp(ushort operation, string sender, string senderAddress, string target)
    {
        var frame = new byte[42];
        MacAddress.Broadcast.Write(frame);
        MacAddress.Parse(sender).Write(frame.AsSpan(6));
        byte[] fixedPart = [0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, (byte)operation];
        fixedPart.CopyTo(frame.AsSpan(12));
        MacAddress.Parse(sender).Write(frame.AsSpan(22));
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(28), Ipv4Address.Parse(senderAddress).Value);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(38), Ipv4Address.Parse(target).Value);
        return frame;
    }
}
