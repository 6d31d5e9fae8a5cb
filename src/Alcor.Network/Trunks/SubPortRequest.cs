namespace Alcor.Network.Trunks;

/// <summary>A subport as a request asks for it; what is missing is found by Decide, as in Neutron.</summary>
/// <param name="SegmentationId">A number, as it was written.</param>
public readonly record struct SubPortRequest(string PortId, string? SegmentationType, string? SegmentationId);
