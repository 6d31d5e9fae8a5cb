namespace Alcor.OpenFlow;

/// <summary>
/// OpenFlow 1.4.1 section 7.1.1, enum ofp_type, and the numbers of multipart and experimenter bodies.
/// </summary>
internal static class MessageType
{
    public const byte Hello = 0;
    public const byte Error = 1;
    public const byte EchoRequest = 2;
    public const byte EchoReply = 3;
    public const byte Experimenter = 4;
    public const byte FeaturesRequest = 5;
    public const byte FeaturesReply = 6;
    public const byte GetConfigRequest = 7;
    public const byte GetConfigReply = 8;
    public const byte SetConfig = 9;
    public const byte PacketIn = 10;
    public const byte FlowRemoved = 11;
    public const byte PortStatus = 12;
    public const byte PacketOut = 13;
    public const byte FlowMod = 14;
    public const byte GroupMod = 15;
    public const byte MultipartRequest = 18;
    public const byte MultipartReply = 19;
    public const byte BarrierRequest = 20;
    public const byte BarrierReply = 21;
    public const byte RoleRequest = 24;
    public const byte RoleReply = 25;
    public const byte MeterMod = 29;
    public const byte BundleControl = 33;
    public const byte BundleAdd = 34;

    public const ushort MultipartFlow = 1;
    public const ushort MultipartMeterConfiguration = 10;
    public const ushort MultipartPortDescription = 13;

    public const uint NiciraExperimenter = 0x0000_2320;
    public const uint NiciraFlushZone = 29;
    public const uint NiciraFlush = 32;

    public const uint OnfExperimenter = 0x4f4e_4600;
    public const uint OnfBundleControl = 2300;
    public const uint OnfBundleAdd = 2301;

    /// <summary>OFP_NO_BUFFER: the switch keeps no packets for us, so that losing one loses no memory of it.</summary>
    public const uint NoBuffer = 0xffff_ffff;
}
