namespace Alcor.Policy;

/// <summary>Bounds of what an operator's file may ask for.</summary>
public static class PolicyLimits
{
    /// <summary>Characters of a policy file; the defaults of all of OpenStack together are a tenth of it.</summary>
    public const int FileCharactersMax = 1024 * 1024;

    /// <summary>
    /// How deep a policy file may nest: the stream, its document, the mapping and two lists are five levels.
    /// </summary>
    public const int FileDepthMax = 8;

    /// <summary>Rules of a policy; Neutron has some 300.</summary>
    public const int RulesMax = 10_000;

    /// <summary>
    /// How deep parentheses, negations and references between rules may nest, counted together: reading and
    /// evaluating call themselves once for each level.
    /// </summary>
    public const int DepthMax = 100;

    /// <summary>Errors that are told of one file; whoever has more begins at the top.</summary>
    public const int ErrorsMax = 50;
}
