namespace Alcor.OpenFlow;

/// <summary>Bytes that are not what OpenFlow says they should be; the only exception that decoding throws.</summary>
public sealed class OpenFlowFormatException(string message) : Exception(message);
